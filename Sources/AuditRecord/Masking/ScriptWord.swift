/// Reads the words after `-c` and `-lc`, with their quotes removed (POSIX shell, section 2.2).
struct ScriptWord {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    private(set) var bytes: [UInt8] = []
    /// Maps runs of ``bytes`` back to the original text.
    private(set) var pieces: [(start: Int, original: Int, length: Int)] = []
    /// Whether a word had several parts, or an escape.
    private(set) var isChanged = false

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The start of the next such word; it starts with a quote.
    mutating func next() -> Int? {
        while position + 2 < text.count {
            defer { position += 1 }
            guard text[position] == UInt8(ascii: "c"), text[position + 1] == 0x20,
                text[position + 2] == UInt8(ascii: "'") || text[position + 2] == UInt8(ascii: "\"")
            else { continue }
            var dash = position
            while dash > 0, position - dash < 8, text[dash - 1].isIn(.letter) { dash -= 1 }
            if dash > 0, text[dash - 1] == UInt8(ascii: "-") { return position + 2 }
        }
        return nil
    }

    mutating func copy(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = pieces.last, last.original + last.length == range.lowerBound,
            last.start + last.length == bytes.count
        {
            pieces[pieces.count - 1].length += range.count
        } else {
            pieces.append((bytes.count, range.lowerBound, range.count))
        }
        bytes += text[range]
    }

    /// Reads the word and returns its end.
    mutating func read(from start: Int) -> Int {
        var at = start, quote: UInt8 = 0, parts = 0
        reading: while at < text.count {
            let byte = text[at]
            switch quote {
            case 0 where byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\""):
                quote = byte
                parts += 1
            case 0 where byte == UInt8(ascii: "\\") && at + 1 < text.count:
                at += 1
                copy(at..<at + 1)
                isChanged = true
            case 0 where byte.isIn(.space | .separator) || byte == UInt8(ascii: ")"): break reading
            case byte where quote != 0: quote = 0
            case UInt8(ascii: "\"")
            where byte == UInt8(ascii: "\\") && at + 1 < text.count && Self.escaped(text[at + 1]):
                at += 1
                copy(at..<at + 1)
                isChanged = true
            default: copy(at..<at + 1)
            }
            at += 1
        }
        if parts > 1 { isChanged = true }
        position = max(position, at)
        return at
    }

    private static func escaped(_ byte: UInt8) -> Bool { "\"\\$`".utf8.contains(byte) }
}
