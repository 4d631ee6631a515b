/// Rewrites a text so that each word of a command is what the shell makes of it: `--pass'word'='a b'` becomes
/// `--password="a b"`, and `'-u'` becomes `-u`. A word that a shell runs as a script is copied without its outer quotes.
struct ShellWords {
    let text: UnsafeBufferPointer<UInt8>
    private(set) var bytes: [UInt8] = []
    private(set) var runs: [ShellReading.Run] = []
    private var copied = 0

    /// Each entry is an open command substitution inside double quotes: its number of open parentheses, or -1 for
    /// backticks.
    private var substitutions: [Int] = []
    private static let mostSubstitutions = 64

    /// nil if no word changes.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var closers = QuoteClosers(), position = 0
        while let special = nextSpecial(from: position, &closers) {
            var start = special
            while start > position, !ShellWord.endsWord(text[start - 1]) { start -= 1 }
            let word = ShellWord(text, from: start, closers: &closers)
            position = max(word.end, special + 1)
            if let inner = word.substitution {
                position = inner
                push(text[inner - 1] == UInt8(ascii: "`") ? -1 : 0)
            }
            if let place = rewriting(of: word) { append(word, quoteAt: place) }
        }
        guard copied > 0 else { return nil }
        copy(copied..<text.count)
    }

    private mutating func push(_ kind: Int) {
        if substitutions.count < Self.mostSubstitutions { substitutions.append(kind) }
    }

    /// The next quote or backslash. The end of a command substitution leads back into its double quotes.
    private mutating func nextSpecial(from start: Int, _ closers: inout QuoteClosers) -> Int? {
        var position = start
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return position }
            if let depth = substitutions.last {
                let isBacktick = byte == UInt8(ascii: "`")
                if byte == UInt8(ascii: "("), depth >= 0 { substitutions[substitutions.count - 1] += 1 }
                if byte == UInt8(ascii: ")"), depth > 0 { substitutions[substitutions.count - 1] -= 1 }
                if isBacktick && depth < 0 || byte == UInt8(ascii: ")") && depth == 0 {
                    substitutions.removeLast()
                    if let close = closers.double(text, at: position) {
                        if close.isSubstitution { push(text[close.place - 1] == UInt8(ascii: "`") ? -1 : 0) }
                        position = close.isSubstitution ? close.place : close.place + 1
                        continue
                    }
                }
            }
            position += 1
        }
        return nil
    }

    private mutating func copy(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        runs.append(.init(start: bytes.count, original: range.lowerBound, length: range.count, isCopy: true))
        bytes.append(contentsOf: text[range])
    }

    private mutating func insert(_ byte: UInt8, for original: Range<Int>) {
        runs.append(
            .init(start: bytes.count, original: original.lowerBound, length: original.count, isCopy: false))
        bytes.append(byte)
    }

    private mutating func append(_ word: ShellWord, quoteAt place: Int) {
        copy(copied..<word.start)
        copied = word.end
        let hasDouble = word.segments.contains { segment in
            segment.byte == UInt8(ascii: "\"") || segment.byte == nil && text[segment.original].contains(0x22)
        }
        let quote = UInt8(ascii: hasDouble ? "'" : "\"")
        var left = place
        for segment in word.segments {
            let range = segment.original
            if place == Self.separated, range.lowerBound > 0, text[range.lowerBound - 1].isIn(.quote) {
                insert(0x20, for: range.lowerBound..<range.lowerBound)
            }
            if let byte = segment.byte {
                if left == 0 { insert(quote, for: range.lowerBound..<range.lowerBound) }
                insert(byte, for: range)
            } else if left >= 0, left < range.count {
                let middle = range.lowerBound + left
                copy(range.lowerBound..<middle)
                insert(quote, for: middle..<middle)
                copy(middle..<range.upperBound)
            } else {
                copy(range)
            }
            left = left < segment.count ? -1 : left - segment.count
        }
        if place >= 0 { insert(quote, for: word.end..<word.end) }
    }
}
