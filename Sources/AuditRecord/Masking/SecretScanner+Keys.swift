// Private keys in PEM (RFC 7468).
extension SecretScanner {
    func isKey(at start: Int) -> Bool { keyBody(at: start) != nil }

    /// The body of a private key; its first and last line stay. Without a last line, and outside the quotes of a
    /// command, only lines of base64.
    func pem(at start: Int) -> Range<Int>? {
        guard let line = keyBody(at: start) else { return nil }
        let body = skipLineEnds(from: line)
        var end = lookAhead.lastLineOfKey(bytes, from: body)
        if end == .max || layout?.cut(in: body..<end) != nil { end = base64End(from: body) }
        while end > body, bytes[end - 1].isIn(.space) { end -= 1 }
        return harmlessChecked(body..<end)
    }

    /// The position after `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`.
    private func keyBody(at start: Int) -> Int? {
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
        return position
    }

    /// The end of the lines that consist of base64, or of the fields of an encrypted key: `DEK-Info: AES-128-CBC,X`.
    private func base64End(from body: Int) -> Int {
        var end = body, position = body
        while position < bytes.count {
            let line = skipLineEnds(from: position)
            position = line
            while position < bytes.count, bytes[position].isIn(.base64) { position += 1 }
            let isField = matches("Proc-Type: ", at: line) || matches("DEK-Info: ", at: line)
            if isField { position = lookAhead.lineEnd(bytes, from: line) }
            let endsLine = position == bytes.count || bytes[position].isIn(.space | .quote | .backslash)
            guard position > line, endsLine, isField || isBase64(line..<position) else { return end }
            end = position
        }
        return end
    }

    /// Not a single word.
    private func isBase64(_ line: Range<Int>) -> Bool {
        line.count >= 32 || bytes[line.upperBound - 1] == UInt8(ascii: "=")
    }

    /// Skips real line ends and those escaped in JSON, also repeatedly.
    private func skipLineEnds(from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            if bytes[position].isIn(.space) {
                position += 1
            } else if isEscape(position) {
                position += 2
            } else if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count,
                bytes[position + 1] == bytes[position]
            {
                position += 1
            } else {
                break
            }
        }
        return position
    }
}
