/// The first line of a command that passes a patch to `apply_patch`: `[cd DIRECTORY &&] apply_patch <<'MARKER'`.
struct Heredoc {
    let directory: String?
    let marker: Patch.Line
    /// Does a shell leave the following lines unexpanded?
    let isQuoted: Bool

    /// nil for a line that does more, or might.
    init?(_ line: Patch.Line) {
        var rest = line.drop(while: Patch.isBlank)
        if rest.starts(with: "cd ".utf8) {
            rest = rest.dropFirst(3).drop(while: Patch.isBlank)
            guard let (path, behind) = Self.word(rest) else { return nil }
            directory = path
            rest = behind.drop(while: Patch.isBlank)
            guard rest.starts(with: "&&".utf8) else { return nil }
            rest = rest.dropFirst(2).drop(while: Patch.isBlank)
        } else {
            directory = nil
        }
        guard let name = ["apply_patch", "applypatch"].first(where: { rest.starts(with: $0.utf8) }) else { return nil }
        rest = rest.dropFirst(name.utf8.count).drop(while: Patch.isBlank)
        guard rest.starts(with: "<<".utf8) else { return nil }
        rest = rest.dropFirst(2).drop(while: Patch.isBlank)
        while let last = rest.last, Patch.isBlank(last) { rest = rest.dropLast() }
        if let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            guard rest.count > 2, rest.last == quote else { return nil }
            marker = rest.dropFirst().dropLast()
            isQuoted = true
        } else {
            marker = rest
            isQuoted = false
        }
        guard !marker.isEmpty, marker.allSatisfy(Self.isWordByte) else { return nil }
    }

    /// A literal word, with or without quotes.
    private static func word(_ line: Patch.Line) -> (String, behind: Patch.Line)? {
        guard let first = line.first else { return nil }
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
            guard let end = line.dropFirst().firstIndex(of: first) else { return nil }
            let word = line[line.index(after: line.startIndex)..<end]
            let isPlain = first == UInt8(ascii: "'") || !word.contains { "$`\\!".utf8.contains($0) }
            return isPlain && !word.isEmpty ? (String(Substring(word)), line[line.index(after: end)...]) : nil
        }
        let word = line.prefix { isWordByte($0) || "./-+,:@%".utf8.contains($0) }
        guard !word.isEmpty, first != UInt8(ascii: "-") else { return nil }
        return (String(Substring(word)), line[word.endIndex...])
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
