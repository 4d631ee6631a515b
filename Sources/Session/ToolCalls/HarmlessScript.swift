/// Checks that the JavaScript around the literal commands of a code mode script can only wait for the commands and
/// report their output.
///
/// This is a list of what is allowed, because a list of what is forbidden can never be complete:
/// `(()=>{})["const"+"ructor"]("…")()` runs any text. Without computed members, functions, blocks and escapes, and with
/// only the names below, nothing in a script leads back to the tools.
struct HarmlessScript {
    static func accepts(_ script: String) -> Bool {
        var reader = HarmlessScript(bytes: Array(script.utf8))
        return reader.read()
    }

    private enum Token: Equatable {
        case word(String)
        case value
        case mark(UInt8)
    }

    private static let words: Set<String> = [
        "await", "const", "for", "of", "true", "false", "null", "undefined", "text", "notify", "Promise", "JSON",
    ]
    private static let members: Set<String> = [
        "all", "allSettled", "stringify", "output", "exit_code", "session_id", "wall_time_seconds", "status", "value",
        "length", "trim",
    ]
    /// Names that a loop variable may have, because no global object has them: they go out of scope with the loop.
    private static let loopNames: Set<String> = ["r", "res", "result", "o", "out", "x", "item", "c", "cmd"]
    private static let marks = Set(";,()=.+[]".utf8)

    private let bytes: [UInt8]
    private var offset = 0
    private var previous: [Token] = []
    private var constants: Set<String> = []

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read() -> Bool {
        while let token = next() {
            guard allows(token) else { return false }
            previous.append(token)
        }
        return offset == bytes.count
    }

    private mutating func allows(_ token: Token) -> Bool {
        let last = previous.last
        switch token {
        case .value: return true
        case .mark(UInt8(ascii: "[")):
            // Starts an array; after a value it would be a computed member.
            if case .mark(let mark) = last { return "(,=[".utf8.contains(mark) }
            return false
        case .mark(let mark): return Self.marks.contains(mark)
        case .word(let name):
            if last == .mark(UInt8(ascii: ".")) { return Self.members.contains(name) }
            if last == .word("const") {
                // Without blocks a script has one scope, so the name means this constant everywhere in it.
                guard !previous.suffix(3).starts(with: [.word("for"), .mark(UInt8(ascii: "("))]) else {
                    return Self.loopNames.contains(name)
                }
                constants.insert(name)
                return true
            }
            return Self.words.contains(name) || Self.loopNames.contains(name) || constants.contains(name)
        }
    }

    /// nil at the end, and before any text that is not a token.
    private mutating func next() -> Token? {
        while offset < bytes.count, " \n\r\t".utf8.contains(bytes[offset]) { offset += 1 }
        guard offset < bytes.count else { return nil }
        let first = bytes[offset]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            guard let end = bytes[(offset + 1)...].firstIndex(of: first),
                !bytes[offset..<end].contains(where: { "\\\n\r".utf8.contains($0) })
            else { return nil }
            offset = end + 1
            return .value
        }
        let start = offset
        while offset < bytes.count, isWord(bytes[offset]) { offset += 1 }
        if offset > start {
            let isNumber = bytes[start] &- UInt8(ascii: "0") < 10
            return isNumber ? .value : .word(String(decoding: bytes[start..<offset], as: UTF8.self))
        }
        guard Self.marks.contains(first) else { return nil }
        offset += 1
        return .mark(first)
    }

    private func isWord(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$")
    }
}
