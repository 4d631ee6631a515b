/// Finds the ends of quoted parts. A search that reaches the end of the text is not repeated, so that all searches
/// together take linear time.
struct QuoteClosers {
    private var noSingle = false
    private var noDouble = false
    private var noAnsi = false

    /// nil if the quote is not closed, or is an apostrophe.
    mutating func single(_ text: UnsafeBufferPointer<UInt8>, at open: Int) -> Int? {
        guard !noSingle, !Self.isApostrophe(text, open) else { return nil }
        let isInWord = open > 0 && text[open - 1].isIn(.alphanumeric)
        var end = open + 1
        while end < text.count, text[end] != UInt8(ascii: "'") {
            // In prose and code an apostrophe inside a word rarely opens a text of several lines.
            if isInWord, text[end] == 0x0A { return nil }
            end += 1
        }
        noSingle = end == text.count
        return noSingle ? nil : end
    }

    /// The closing quote, or the byte after `$(` or a backtick if that comes first.
    mutating func double(
        _ text: UnsafeBufferPointer<UInt8>, at open: Int
    ) -> (place: Int, isSubstitution: Bool)? {
        guard !noDouble else { return nil }
        var end = open + 1
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            if text[end] == UInt8(ascii: "`") { return (end + 1, true) }
            if text[end] == UInt8(ascii: "$"), end + 1 < text.count, text[end + 1] == UInt8(ascii: "(") {
                return (end + 2, true)
            }
            end += text[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        noDouble = end >= text.count
        return noDouble ? nil : (end, false)
    }

    /// The end of bash's `$'…'`.
    mutating func ansi(_ text: UnsafeBufferPointer<UInt8>, at open: Int) -> Int? {
        guard !noAnsi else { return nil }
        var end = open + 1
        while end < text.count, text[end] != UInt8(ascii: "'") { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
        noAnsi = end >= text.count
        return noAnsi ? nil : end
    }

    /// `don't`, `it's`, `we'll`: the ending is followed by a blank, a line end or punctuation.
    private static func isApostrophe(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard place > 0, text[place - 1].isIn(.letter) else { return false }
        var end = place + 1
        while end < text.count, end - place <= 2, text[end].isIn(.lower) { end += 1 }
        guard end > place + 1, !text[place + 1..<end].contains(UInt8(ascii: "c")) else { return false }
        return end == text.count || text[end].isIn(.space) || ".,;:!?)".utf8.contains(text[end])
    }
}
