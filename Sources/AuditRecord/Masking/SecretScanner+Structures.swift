// Secrets with a recognisable structure.
extension SecretScanner {
    /// Three parts of base64url, of which the first two are JSON objects (RFC 7519). The third may be empty.
    func jwt(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard matches("eyJ", at: start), let second = word.secondEnd, word.end - start >= 10,
            second - word.end > 10, second < bytes.count, bytes[second] == UInt8(ascii: ".")
        else { return nil }
        var end = second
        while end < bytes.count, bytes[end].isIn(.word) || bytes[end] == UInt8(ascii: ".") { end += 1 }
        return start..<end
    }

    /// The password in `scheme://user:password@host`, or a long token in place of the user.
    func userInformation(at colon: Int) -> Range<Int>? {
        guard matches("://", at: colon) else { return nil }
        let start = colon + 3
        var end = start, at = -1, password = -1
        while end < bytes.count, bytes[end] > 0x20, !bytes[end].isIn(.pathStart) {
            if bytes[end] == UInt8(ascii: "@") { at = end }
            if bytes[end] == UInt8(ascii: ":"), password < 0 { password = end + 1 }
            end += 1
        }
        guard at > start, Mark.length(at: slice(start..<end)) == nil else { return nil }
        if password > 0, password < at {
            return SecretValue.isHarmless(slice(password..<at)) ? nil : password..<at
        }
        let token = slice(start..<at), isRandom = SecretValue.looksRandom(token)
        let isKey = token.count >= 10 && SecretValue.hasMixedCase(token) && token.allSatisfy { $0.isIn(.alphanumeric) }
        return isRandom && (token.count >= 20 || isKey) ? start..<at : nil
    }

    /// Go's `name:X@tcp(host:3306)/database`.
    func dataSource(at colon: Int) -> Range<Int>? {
        guard colon > 0, bytes[colon - 1].isIn(.word) else { return nil }
        var end = colon + 1
        while end < bytes.count, end - colon < 64, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "@"),
            bytes[end] != UInt8(ascii: ":"), bytes[end] != UInt8(ascii: "/"), !bytes[end].isIn(.quote)
        { end += 1 }
        guard end > colon + 1, end < bytes.count, bytes[end] == UInt8(ascii: "@") else { return nil }
        guard ["tcp(", "tcp4(", "tcp6(", "unix("].contains(where: { matches($0, at: end + 1) }) else { return nil }
        return harmlessChecked(colon + 1..<end)
    }
}
