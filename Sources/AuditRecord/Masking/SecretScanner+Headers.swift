// `Authorization` and `Cookie`: the value extends to the end of the line or of the quotes, but not over a sign between
// commands.
extension SecretScanner {
    /// Schemes of `Authorization`.
    private static let schemes: [PackedWord] = [
        "bearer", "basic", "token", "digest", "negotiate", "apikey", "bot", "key", "aws4-hmac-sha256",
    ]

    /// `Bearer X`: the scheme stays visible.
    func header(from start: Int) -> Range<Int>? {
        if let secret = escapedHeader(from: start) { return harmlessChecked(secret) }
        var start = start
        while start < bytes.count,
            bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'")
                || bytes[start] == UInt8(ascii: "\\")
        { start += 1 }
        let first = start..<wordEnd(from: start)
        if Self.schemes.contains(PackedWord(slice(first))) { start = skipBlanks(from: first.upperBound) }
        // Checked before the rest, so that a line with many such headers is not walked to its end for each of them.
        if SecretValue.isHarmless(slice(start..<wordEnd(from: start))) { return nil }
        var end = headerEnd(from: start)
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        return start < end && !Mark.ends(slice(start..<end)) ? start..<end : nil
    }

    /// `authorization=Basic X`, `cookie="a=X; b=X"`: other variables have a single word.
    func startsHeader(_ value: Int) -> Bool {
        bytes[value].isQuoteOrBackslash || Self.schemes.contains(PackedWord(slice(value..<wordEnd(from: value))))
    }

    private func wordEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < Self.longestGlance, bytes[end] > 0x20, !bytes[end].isQuoteOrBackslash {
            end += 1
        }
        return end
    }

    /// Quotes after `=` belong to the header: `Digest username="bob", response="X"`.
    private func headerEnd(from start: Int) -> Int {
        var end = start
        let limit = reach(from: start)
        while end < limit, bytes[end] >= 0x20 {
            if bytes[end].isQuoteOrBackslash {
                guard end > start, bytes[end - 1] == UInt8(ascii: "="), let own = quoted(from: end) else { break }
                end = own.upperBound
                while end < bytes.count, bytes[end] == UInt8(ascii: "\\") { end += 1 }
            } else if bytes[end].isIn(.separator), isBetweenCommands(end) {
                break
            }
            end += 1
        }
        return min(end, bytes.count)
    }

    /// Not the separator before a further cookie: `a=X; b=X`.
    private func isBetweenCommands(_ sign: Int) -> Bool {
        guard bytes[sign] == UInt8(ascii: ";") else {
            return sign + 1 == bytes.count || bytes[sign + 1].isIn(.space | .separator)
        }
        let name = skipBlanks(from: sign + 1)
        var end = name
        while end < bytes.count, end - name < Self.longestGlance, bytes[end].isIn(.word | .dot) { end += 1 }
        guard end > name, end < bytes.count, bytes[end] == UInt8(ascii: "=") else { return true }
        // The value of a variable may be followed by a program.
        end = cookieEnd(from: end + 1)
        return end < bytes.count && bytes[end] == 0x20
    }

    private func cookieEnd(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] > 0x20, !bytes[end].isIn(.quote | .separator) { end += 1 }
        return end
    }

    /// `-H Authorization:\ Bearer\ X`, without quotes.
    private func escapedHeader(from start: Int) -> Range<Int>? {
        var word = start, end = start
        while end < bytes.count, bytes[end] > 0x20, !bytes[end].isIn(.quote) {
            guard bytes[end] == UInt8(ascii: "\\") else {
                end += 1
                continue
            }
            guard let blank = escapedBlank(at: end) else { break }
            if end == word || end - word < 32 && Self.schemes.contains(PackedWord(slice(word..<end))) {
                word = blank + 1
            }
            guard word > start else { return nil }
            end = blank + 1
        }
        return word > start && word < end ? word..<end : nil
    }
}

extension UInt8 {
    /// Ends a header inside quotes.
    fileprivate var isQuoteOrBackslash: Bool { isIn(.quote) || self == UInt8(ascii: "\\") }
}
