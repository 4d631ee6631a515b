/// A word of a command as the shell makes it (POSIX shell, section 2.2): without quotes and escapes, its parts joined.
struct ShellWord {
    /// Consecutive bytes of the original text, or one byte that replaces an escape sequence.
    struct Segment {
        let original: Range<Int>
        let byte: UInt8?
        var count: Int { byte == nil ? original.count : 1 }
    }

    private(set) var segments: [Segment] = []
    let start: Int
    private(set) var end: Int
    /// The number of quoted parts.
    private(set) var parts = 0
    private(set) var hasEscapes = false
    /// Where a command substitution inside double quotes starts. The word ends before those quotes.
    private(set) var substitution: Int?
    private let text: UnsafeBufferPointer<UInt8>

    /// Reads the word that starts at `start`. `closers` remembers which quotes no longer occur.
    init(_ text: UnsafeBufferPointer<UInt8>, from start: Int, closers: inout QuoteClosers) {
        (self.text, self.start, end) = (text, start, start)
        var copied = start
        func flush(_ word: inout ShellWord) { word.add(copied..<word.end) }
        while end < text.count, !Self.endsWord(text[end]) {
            let byte = text[end], next = end + 1 < text.count ? text[end + 1] : 0
            switch byte {
            case UInt8(ascii: "'"):
                guard let close = closers.single(text, at: end) else { break }
                flush(&self)
                add(end + 1..<close)
                (parts, end, copied) = (parts + 1, close + 1, close + 1)
                continue
            case UInt8(ascii: "\""):
                guard let close = closers.double(text, at: end) else { break }
                flush(&self)
                if close.isSubstitution {
                    substitution = close.place
                    return
                }
                addDouble(end + 1..<close.place)
                (parts, end, copied) = (parts + 1, close.place + 1, close.place + 1)
                continue
            case UInt8(ascii: "$") where next == UInt8(ascii: "\""):
                guard let close = closers.double(text, at: end + 1), !close.isSubstitution else { break }
                flush(&self)
                (hasEscapes, end, copied) = (true, end + 1, end + 1)
                continue
            case UInt8(ascii: "$") where next == UInt8(ascii: "'"):
                guard let close = closers.ansi(text, at: end + 1) else { break }
                flush(&self)
                addAnsi(end + 2..<close)
                (parts, hasEscapes, end, copied) = (parts + 1, true, close + 1, close + 1)
                continue
            case UInt8(ascii: "\\") where next != 0:
                flush(&self)
                hasEscapes = true
                let length = Self.continuation(text, at: end)
                if length == 0 { add(end + 1..<end + 2) }
                end = min(text.count, end + max(2, length))
                copied = end
                continue
            default: break
            }
            end += 1
        }
        flush(&self)
    }

    /// Outside quotes, ends a word.
    static func endsWord(_ byte: UInt8) -> Bool {
        byte.isIn(.space | .separator) || "()<>`".utf8.contains(byte)
    }

    /// The length of a backslash and a line end; 0 if there is none.
    static func continuation(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
        guard place + 1 < text.count, text[place] == UInt8(ascii: "\\") else { return 0 }
        if text[place + 1] == 0x0A { return 2 }
        return text[place + 1] == 0x0D && place + 2 < text.count && text[place + 2] == 0x0A ? 3 : 0
    }

    private mutating func add(_ range: Range<Int>, as byte: UInt8? = nil) {
        if !range.isEmpty { segments.append(Segment(original: range, byte: byte)) }
    }

    private mutating func addDouble(_ range: Range<Int>) {
        var copied = range.lowerBound, at = copied
        while at + 1 < range.upperBound {
            guard text[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            // A line continuation in JSON.
            let isJSON = at + 4 <= range.upperBound && text[at..<at + 4].elementsEqual(#"\\\n"#.utf8)
            let length = isJSON ? 4 : Self.continuation(text, at: at)
            guard length > 0 || "\"\\$`".utf8.contains(text[at + 1]) else {
                at += 1
                continue
            }
            add(copied..<at)
            hasEscapes = true
            copied = length > 0 ? at + length : at + 1
            at = max(at + 2, copied)
        }
        add(min(copied, range.upperBound)..<range.upperBound)
    }

    /// Bash's `$'…'`.
    private mutating func addAnsi(_ range: Range<Int>) {
        var copied = range.lowerBound, at = copied
        while at + 1 < range.upperBound {
            guard text[at] == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            add(copied..<at)
            let escape = AnsiEscape(text, at: at, limit: range.upperBound)
            add(at..<escape.end, as: escape.byte)
            (copied, at) = (escape.end, escape.end)
        }
        add(copied..<range.upperBound)
    }
}
