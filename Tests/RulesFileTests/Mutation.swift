import TestSupport

/// Damages a file as a typing mistake or a disk error would, or as only an attacker would.
struct Mutation {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let tokens = [
        "&a ", "*a", "<<: *a", "!!str ", "!!bool ", "!x ", "? ", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "|\n",
        ">-\n",
        "#", " #", "%YAML 1.2\n", "---\n", "...\n", "\t", "\r", "\r\n", "\n", " ", "any", "~", "null", "no", "yes",
        "true",
        "false", "never", "dangerFullAccess", "0x1", "08", "-1", "@", "`", "\\", "\\u202E", "\u{202E}", "\u{FEFF}",
        "\u{85}",
        "\u{2028}", "\u{0}", "\u{E9}", "e\u{301}", "\u{1F600}", "floor:", "operator:", "rules:", "roots: any", "<<",
        "=",
        "[[[[[[[[[[[[[[[[[[[[", "- - - - - - - - - - - - - - - - - ", "{a: {a: {a: {a: {a: {a: ", "? ? ? ? ? ? ",
    ].map { Array($0.utf8) }

    /// One to three changes.
    mutating func changed(_ text: [UInt8]) -> String {
        var bytes = text
        for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let at = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(line(at, bytes))
        case 3: bytes.insert(contentsOf: Array(bytes[line(at, bytes)]), at: line(at, bytes).lowerBound)
        case 4:
            bytes.insert(
                contentsOf: [UInt8](repeating: 0x20, count: Int.random(in: 1...4, using: &generator)),
                at: line(at, bytes).lowerBound)
        case 5:
            let start = line(at, bytes).lowerBound
            let end = bytes[start...].prefix(Int.random(in: 1...4, using: &generator)).prefix { $0 == 0x20 }.endIndex
            bytes.removeSubrange(start..<end)
        case 6 where Int.random(in: 0..<8, using: &generator) == 0: bytes.removeSubrange(at...)
        default: bytes.insert(contentsOf: Self.tokens.randomElement(using: &generator) ?? [], at: at)
        }
    }

    /// The line that contains `at`, with its line end.
    private func line(_ at: Int, _ bytes: [UInt8]) -> Range<Int> {
        let start = bytes[..<at].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[at...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        return start..<end
    }
}
