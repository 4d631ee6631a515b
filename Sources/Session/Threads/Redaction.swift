/// A command as codex reports it at its start: text that looks like a secret is removed from the report, though not
/// from what runs.
struct Redaction {
    private static let mark = Array("[REDACTED_SECRET]".utf8)

    /// The text before, between and after the marks.
    private let pieces: [[UInt8]]

    init(_ reported: String) {
        var pieces: [[UInt8]] = [[]]
        var rest = Array(reported.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: Self.mark) {
                pieces.append([])
                rest = rest.dropFirst(Self.mark.count)
            } else {
                pieces[pieces.count - 1].append(byte)
                rest = rest.dropFirst()
            }
        }
        self.pieces = pieces
    }

    /// Could this text have been reported this way? False if nothing was removed.
    func mayHide(_ text: String) -> Bool {
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return false }
        let text = Array(text.utf8)
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = text[first.count..<(text.count - last.count)]
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
