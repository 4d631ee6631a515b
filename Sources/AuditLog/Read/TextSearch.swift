import AuditRecord
import GRDB
import JSON

/// Finds a text in entries, ignoring the case of ASCII letters. Takes linear time, unlike SQLite's LIKE: users who may
/// read the audit log can choose both the searched text and the pattern.
struct TextSearch: Sendable {
    static let name = "record_holds"

    /// The text as JSON, with quotes and line ends escaped.
    private let text: [UInt8]
    /// For each byte, the length of the longest proper prefix of the text that ends there (Knuth, Morris and Pratt).
    private let starts: [Int]
    private let withoutHashes: Bool

    init(_ text: String, withoutHashes: Bool) {
        self.text = JSONValue.string(text).serialized().dropFirst().dropLast().map(Self.lowercased)
        starts = Self.starts(in: self.text)
        self.withoutHashes = withoutHashes
    }

    var function: DatabaseFunction {
        DatabaseFunction(Self.name, argumentCount: 1, pure: true) { values in
            values.first.flatMap(String.fromDatabaseValue).map { matches(Array($0.utf8)) } ?? false
        }
    }

    func matches(_ content: [UInt8]) -> Bool {
        guard holds(content) else { return false }
        return !withoutHashes || holds(Self.withoutHashes(content))
    }

    private func holds(_ content: [UInt8]) -> Bool {
        guard !text.isEmpty else { return true }
        var matched = 0
        for byte in content {
            let byte = Self.lowercased(byte)
            while matched > 0, text[matched] != byte { matched = starts[matched - 1] }
            if text[matched] == byte { matched += 1 }
            if matched == text.count { return true }
        }
        return false
    }

    private static func starts(in text: [UInt8]) -> [Int] {
        var starts = [Int](repeating: 0, count: text.count)
        var length = 0
        for index in text.indices.dropFirst() {
            while length > 0, text[index] != text[length] { length = starts[length - 1] }
            if text[index] == text[length] { length += 1 }
            starts[index] = length
        }
        return starts
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    static func withoutHashes(_ content: [UInt8]) -> [UInt8] {
        guard case .object(var object)? = try? JSONValue(parsing: SecretMask.withoutTags(content)) else { return [] }
        if let details = object["details"]?.objectValue {
            let kept = details.members.filter { !$0.key.hasSuffix(EntryPreparation.hashSuffix) }
            object["details"] = .object(JSONObject(kept.map { ($0.key, $0.value) }))
        }
        return JSONValue.object(object).serialized()
    }
}
