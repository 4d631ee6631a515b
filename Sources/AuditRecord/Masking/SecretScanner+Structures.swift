// Secrets with a structure of their own.
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

    /// The body of a private key; its first and last line stay. Without a last line, all the rest.
    func pem(at start: Int) -> Range<Int>? {
        guard matches("-----BEGIN ", at: start) else { return nil }
        let limit = min(bytes.count, start + 80)
        var position = start + 11
        while position < limit, !matches("PRIVATE KEY", at: position) {
            if bytes[position] == UInt8(ascii: "-") { return nil }
            position += 1
        }
        while position < limit, bytes[position] != UInt8(ascii: "-") { position += 1 }
        guard position < limit else { return nil }
        while position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let body = skipLineEnds(from: position)
        position = body
        while position < bytes.count, !matches("-----END ", at: position) { position += 1 }
        while position > body, bytes[position - 1].isIn(.space) { position -= 1 }
        return harmlessChecked(body..<position)
    }

    /// Real ones, and those that are escaped in JSON.
    private func skipLineEnds(from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            if bytes[position].isIn(.space) {
                position += 1
            } else if matches("\\n", at: position) || matches("\\r", at: position) {
                position += 2
            } else {
                break
            }
        }
        return position
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
        return at - start >= 20 && SecretValue.looksRandom(slice(start..<at)) ? start..<at : nil
    }
}
