// Text in quotes.
extension SecretScanner {
    /// The text inside quotes, which may have several lines; to the end of the line if they are not closed.
    func quoted(from start: Int) -> Range<Int>? {
        guard start < bytes.count else { return nil }
        if matches("$'", at: start) { return ansiQuoted(from: start + 1) }
        // JSON inside JSON: both quotes have the same number of backslashes.
        var open = start
        while open < bytes.count, bytes[open] == UInt8(ascii: "\\"), open - start < 16 { open += 1 }
        let depth = open - start
        guard open < bytes.count, bytes[open] == UInt8(ascii: "\"") || bytes[open] == UInt8(ascii: "'") else {
            return nil
        }
        let line = lookAhead.lineEnd(bytes, from: open), end = lookAhead.quoteEnd(bytes, behind: open, depth: depth)
        guard end < line || end < bytes.count && spansLines(open, end) else {
            return open + 1..<startOfKey(in: open + 1..<line)
        }
        var backslashes = 0
        while backslashes < depth, end - backslashes > open + 1, bytes[end - backslashes - 1] == UInt8(ascii: "\\") {
            backslashes += 1
        }
        return open + 1..<end - backslashes
    }

    /// Whether the quote at `end`, on a later line, closes the one at `open`. Outside commands it may also belong to
    /// other text, so it must not look like an opening quote.
    private func spansLines(_ open: Int, _ end: Int) -> Bool {
        if layout != nil { return true }
        guard end - open <= Self.longestQuoted else { return false }
        return end + 1 == bytes.count
            || !bytes[end + 1].isIn(.alphanumeric) && !bytes[end - 1].isIn(ByteClass.beforeQuote)
    }

    /// A private key in quotes that are not closed is found by its own first line.
    private func startOfKey(in range: Range<Int>) -> Int {
        range.first { bytes[$0] == UInt8(ascii: "-") && isKey(at: $0) } ?? range.upperBound
    }

    /// The shell's `$'X\n'`. A `$'` that ends a quoted text does not start one: `grep 'password=$' file`.
    private func ansiQuoted(from open: Int) -> Range<Int>? {
        var end = open + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "'"), end - open < Self.longestQuoted {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "'"), end > open + 1, !bytes[open + 1].isIn(.space) else {
            return nil
        }
        return open + 1..<end
    }

    /// Outside commands, quoted text of several lines is at most this long: a private key of 16,384 bits has 13 KB.
    private static let longestQuoted = 16_384
}
