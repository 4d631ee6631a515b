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

    /// A bot's token: the base64 of its number, which begins with two digits, a time, a code.
    func discord(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard "MNO".utf8.contains(bytes[start]), let second = word.secondEnd, (22...28).contains(word.end - start),
            (6...7).contains(second - word.end - 1), second < bytes.count, bytes[second] == UInt8(ascii: ".")
        else { return nil }
        var end = second + 1
        while end < bytes.count, bytes[end].isIn(.word) { end += 1 }
        return end - second > 27 ? start..<end : nil
    }

    /// `123456789:AA…`: the number of Telegram's bot stays.
    func telegram(at colon: Int) -> Range<Int>? {
        guard matches("AA", at: colon + 1), colon > 0, bytes[colon - 1].isIn(.digit) else { return nil }
        var start = colon, end = colon + 1
        while start > 0, colon - start < 11, bytes[start - 1].isIn(.digit) { start -= 1 }
        while end < bytes.count, end - colon < 40, bytes[end].isIn(.word) { end += 1 }
        return (6...10).contains(colon - start) && (35...37).contains(end - colon - 1) ? colon + 1..<end : nil
    }

    /// A line of `.pgpass`: `host:port:database:user:password`.
    func passwordLine(at colon: Int) -> Range<Int>? {
        var position = colon + 1
        while position < bytes.count, position - colon < 7, bytes[position].isIn(.digit) { position += 1 }
        if position == colon + 1, position < bytes.count, bytes[position] == UInt8(ascii: "*") { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":"),
            position - colon == 2 || position - colon >= 5
        else { return nil }
        let isAnyPort = bytes[colon + 1] == UInt8(ascii: "*")
        guard isAnyPort || bytes[colon + 1].isIn(.digit), startsField(before: colon) else { return nil }
        for _ in 0..<2 {
            let start = position + 1
            position = start
            while position < bytes.count, position - start < 64,
                bytes[position].isIn(.word) || bytes[position] == UInt8(ascii: "*")
            {
                position += 1
            }
            guard position > start, position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
        }
        var end = position + 1
        while end < bytes.count, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "'"), bytes[end] != UInt8(ascii: "\"") {
            // A sixth field; an escaped line end.
            if bytes[end] == UInt8(ascii: ":"), bytes[end - 1] != UInt8(ascii: "\\") { return nil }
            if isEscape(end) { break }
            end += 1
        }
        return end - position > 6 ? harmlessChecked(position + 1..<end) : nil
    }

    /// A host, alone at the start of a line or of a quoted text, ends before `colon`.
    private func startsField(before colon: Int) -> Bool {
        var start = colon
        while start > 0, colon - start < 64,
            bytes[start - 1].isIn(.word) || bytes[start - 1] == UInt8(ascii: ".")
                || bytes[start - 1] == UInt8(ascii: "*")
        { start -= 1 }
        if isEscape(start - 1) { start += 1 }
        guard start < colon else { return false }
        return start == 0 || isEscape(start - 2) || "\n\"'".utf8.contains(bytes[start - 1])
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

    /// Addresses whose path is the secret.
    func webhook(at start: Int) -> Range<Int>? {
        let prefixes: [StaticString] =
            switch bytes[start] {
            case UInt8(ascii: "h"):
                [
                    "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/",
                    "hooks.zapier.com/hooks/catch/",
                ]
            case UInt8(ascii: "w"): ["webhook.office.com/webhookb2/"]
            case UInt8(ascii: "d"): ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"]
            case UInt8(ascii: "a"): ["api.telegram.org/bot"]
            default: []
            }
        guard let prefix = prefixes.first(where: { matches($0, at: start) }) else { return nil }
        let body = start + prefix.utf8CodeUnitCount
        var end = body
        while end < bytes.count,
            bytes[end].isIn(.word) || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: ":")
                || bytes[end] == UInt8(ascii: "@")
        { end += 1 }
        return end - body >= 10 ? body..<end : nil
    }

    /// AWS's secret key right after its access key: forty characters of base64.
    func accessKeyCompanion(at start: Int) -> Range<Int>? {
        guard Self.isBehindAccessKey(bytes, start) else { return nil }
        var end = start
        while end < bytes.count, end - start <= 40,
            bytes[end].isIn(.alphanumeric) || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: "+")
        { end += 1 }
        return end - start == 40 ? start..<end : nil
    }

    /// An access key ends right before. It has been masked, so it is looked back for.
    @inline(__always)
    static func isBehindAccessKey(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var end = start
        while end > 0, start - end < 4, !bytes[end - 1].isIn(.alphanumeric) { end -= 1 }
        guard end < start, end >= 20, bytes[end - 20] == UInt8(ascii: "A") else { return false }
        // By hand: a comparison of sequences here costs the scanner's loop seven instructions for each byte.
        let second = bytes[end - 19]
        return (second == UInt8(ascii: "K") || second == UInt8(ascii: "S")) && bytes[end - 18] == UInt8(ascii: "I")
            && bytes[end - 17] == UInt8(ascii: "A")
    }
}
