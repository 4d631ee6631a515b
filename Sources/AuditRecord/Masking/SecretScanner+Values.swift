// Where a value begins and ends.
extension SecretScanner {
    /// Of `Authorization`.
    private static let schemes: [PackedWord] = [
        "bearer", "basic", "token", "digest", "negotiate", "apikey", "bot", "key", "aws4-hmac-sha256",
    ]

    /// `Bearer X`: the scheme stays. The value goes to the end of the line or of the quotes around the header.
    func header(from start: Int) -> Range<Int>? {
        var start = start
        while start < bytes.count,
            bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'")
                || bytes[start] == UInt8(ascii: "\\")
        { start += 1 }
        var end = start
        while end < bytes.count, bytes[end] >= 0x20, !bytes[end].isQuoteOrBackslash { end += 1 }
        var firstEnd = start
        while firstEnd < end, bytes[firstEnd] != 0x20, firstEnd - start < 32 { firstEnd += 1 }
        if Self.schemes.contains(PackedWord(slice(start..<firstEnd))) { start = skipBlanks(from: firstEnd) }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        guard start < end, !Mark.ends(slice(start..<end)) else { return nil }
        var wordEnd = start
        while wordEnd < end, wordEnd - start < Self.longestGlance, bytes[wordEnd] != 0x20 { wordEnd += 1 }
        return SecretValue.isHarmless(slice(start..<wordEnd)) ? nil : start..<end
    }

    /// What stands in quotes, without them; to the end of the line where they are not closed.
    func quoted(from start: Int) -> Range<Int>? {
        guard start < bytes.count else { return nil }
        // JSON inside of JSON: the quotes have as many backslashes at both ends.
        var open = start
        while open < bytes.count, bytes[open] == UInt8(ascii: "\\"), open - start < 16 { open += 1 }
        let depth = open - start
        guard open < bytes.count, bytes[open] == UInt8(ascii: "\"") || bytes[open] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = bytes[open]
        var end = open + 1, backslashes = 0
        while end < bytes.count, bytes[end] != 0x0A {
            if bytes[end] == quote, backslashes <= depth || depth == 0 && backslashes.isMultiple(of: 2) {
                return open + 1..<end - min(backslashes, depth)
            }
            backslashes = bytes[end] == UInt8(ascii: "\\") ? backslashes + 1 : 0
            end += 1
        }
        return open + 1..<end
    }

    /// In a URL's query `&` ends a value, and in a form's body; in a command line it does so too.
    func unquotedEnd(from start: Int, query: Bool) -> Int {
        var end = start
        // A reference may hold brackets: `${NAME}`, `$(cat file)`, `<token>`.
        if start < bytes.count, bytes[start].mayBeginReference {
            while end < bytes.count, bytes[end] > 0x20, end - start < 64, bytes[end] != 0x22, bytes[end] != 0x27 {
                end += 1
            }
            if SecretValue.isHarmless(slice(start..<end)) { return end }
            end = start
        }
        while end < bytes.count, !bytes[end].isIn(.space), !bytes[end].isIn(.stop) || bytes[end] == UInt8(ascii: "(") {
            if query, bytes[end] == UInt8(ascii: "#") { break }
            end += 1
        }
        return end
    }

    func harmlessChecked(_ range: Range<Int>) -> Range<Int>? {
        let glance = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.longestGlance)
        return range.isEmpty || SecretValue.isHarmless(slice(glance)) ? nil : range
    }
}

extension UInt8 {
    /// `$NAME`, `<token>`, `{{ name }}`, `%(name)s`, a command in backticks.
    fileprivate var mayBeginReference: Bool {
        switch self {
        case UInt8(ascii: "$"), UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "`"): true
        default: false
        }
    }

    /// Ends a header inside quotes.
    fileprivate var isQuoteOrBackslash: Bool {
        self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "`")
            || self == UInt8(ascii: "\\")
    }
}
