import JSON

/// One operation that codex sends to its file helper (`codex --codex-run-as-fs-helper`) on standard input, as one JSON
/// text. codex starts a helper for each step of a patch, without naming the thread or the call.
public struct FileOperation: Sendable, Hashable {
    public enum Change: Sendable, Hashable {
        case write(content: [UInt8])
        case remove
        case makeDirectory
    }

    public let path: String
    /// nil for an operation that only reads.
    public let change: Change?

    private static let looking: Set<String> = ["fs/getMetadata", "fs/readFile", "fs/readDirectory", "fs/canonicalize"]

    /// nil if any part of the input is unknown.
    public init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes).objectValue, Set(json.keys) == ["operation", "params"],
            let operation = json["operation"]?.stringValue, let params = json["params"]?.objectValue,
            let address = params["path"]?.stringValue, let path = Self.path(of: address)
        else { return nil }
        self.path = path
        let names = Set(params.keys)
        switch operation {
        case "fs/writeFile":
            guard names.isSubset(of: ["path", "dataBase64", "sandbox"]),
                let content = params["dataBase64"]?.stringValue.flatMap(Base64.decode)
            else { return nil }
            change = .write(content: content)
        case "fs/remove":
            guard names.isSubset(of: ["path", "recursive", "force", "sandbox"]), params["recursive"] != true else {
                return nil
            }
            change = .remove
        case "fs/createDirectory":
            guard names.isSubset(of: ["path", "recursive", "sandbox"]) else { return nil }
            change = .makeDirectory
        case let name where Self.looking.contains(name): change = nil
        default: return nil
        }
    }

    /// The path of a `file:` URL without a host.
    private static func path(of address: String) -> String? {
        let scheme = "file://"
        guard address.utf8.starts(with: scheme.utf8) else { return nil }
        var bytes: [UInt8] = []
        var rest = Array(address.utf8.dropFirst(scheme.utf8.count))[...]
        guard rest.first == UInt8(ascii: "/") else { return nil }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}

/// RFC 4648 section 4, with padding.
enum Base64 {
    private static let values: [UInt8?] = {
        var values = [UInt8?](repeating: nil, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    static func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 == 0 else { return nil }
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 4 * 3)
        var bits: UInt32 = 0
        for (index, byte) in bytes.dropLast(padding).enumerated() {
            guard let value = values[Int(byte)] else { return nil }
            bits = bits << 6 | UInt32(value)
            if index % 4 == 3 {
                result += [
                    UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                    UInt8(truncatingIfNeeded: bits),
                ]
                bits = 0
            }
        }
        switch padding {
        case 1: result += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        case 2: result.append(UInt8(truncatingIfNeeded: bits >> 4))
        default: break
        }
        return result
    }
}
