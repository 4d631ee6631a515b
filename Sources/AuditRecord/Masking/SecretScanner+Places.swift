// Secrets that span several lines, members and cookies.
extension SecretScanner {
    /// YAML's `password: |` and the more deeply indented lines below it. PEM is scanned separately.
    func blockText(from start: Int) -> Range<Int>? {
        guard bytes[start] == UInt8(ascii: "|") || bytes[start] == UInt8(ascii: ">") else { return nil }
        var sign = start + 1
        while sign < bytes.count, sign - start < 3, bytes[sign].isIn(.digit | .joint | .plus) { sign += 1 }
        guard let line = lineBreak(at: sign) else { return nil }
        let text = skipBlanks(from: line), indentation = text - line
        guard indentation > 0, !matches("-----BEGIN", at: text) else { return nil }
        var end = text
        let limit = reach(from: text)
        while end < limit, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "'") {
            if let next = lineBreak(at: end), skipBlanks(from: next) - next < indentation { break }
            end += 1
        }
        return text..<end
    }

    /// The position after a line end, which may be escaped, also repeatedly.
    func lineBreak(at start: Int) -> Int? {
        var end = start
        while end < bytes.count, end - start < 16, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        guard end < bytes.count else { return nil }
        return bytes[end] == 0x0A || end > start && bytes[end] == UInt8(ascii: "n") ? end + 1 : nil
    }

    /// The value of a session cookie: long and random, and not a UUID.
    func session(from value: Int) -> Range<Int>? {
        guard let secret = harmlessChecked(quoted(from: value) ?? value..<unquotedEnd(from: value, query: true)) else {
            return nil
        }
        let glance = slice(secret.lowerBound..<min(secret.upperBound, secret.lowerBound + Self.longestGlance))
        guard glance.count >= 16, glance.contains(where: { $0.isIn(.digit) }) else { return nil }
        let isHex = glance.count >= 24 && glance.allSatisfy { $0.isIn(.lowerHex) }
        guard glance.allSatisfy({ $0.isIn(.base64 | .dot | .percent | .colon) }) else { return nil }
        return isHex || SecretValue.hasMixedCase(glance) ? secret : nil
    }

}
