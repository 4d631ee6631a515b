// Service tokens that no prefix identifies.
extension SecretScanner {
    func structuredSecret(at start: Int, _ word: WordSpan) -> Range<Int>? {
        jwt(at: start, word) ?? vaultToken(at: start) ?? discord(at: start, word) ?? webhook(at: start)
            ?? accessKeyCompanion(at: start) ?? callOfCredentials(at: start, word)
    }

    /// A Discord bot's token: the base64 of its numeric id, which starts with two digits, then a time and a code.
    func discord(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard let second = word.secondEnd, "MNO".utf8.contains(bytes[start]), (22...28).contains(word.end - start),
            (6...7).contains(second - word.end - 1), second < bytes.count, bytes[second] == UInt8(ascii: ".")
        else { return nil }
        var end = second + 1
        while end < bytes.count, bytes[end].isIn(.word) { end += 1 }
        return end - second > 27 ? start..<end : nil
    }

    /// `123456789:AA…`: the number of the Telegram bot stays visible.
    func telegram(at colon: Int) -> Range<Int>? {
        guard matches("AA", at: colon + 1), colon > 0, bytes[colon - 1].isIn(.digit) else { return nil }
        var start = colon, end = colon + 1
        while start > 0, colon - start < 11, bytes[start - 1].isIn(.digit) { start -= 1 }
        while end < bytes.count, end - colon < 40, bytes[end].isIn(.word) { end += 1 }
        return (6...10).contains(colon - start) && (35...37).contains(end - colon - 1) ? colon + 1..<end : nil
    }

    /// Vault's older tokens, `s.` and 24 characters with digits, capitals and lower case: not `s.count`.
    func vaultToken(at start: Int) -> Range<Int>? {
        guard matches("s.", at: start) || matches("b.", at: start) else { return nil }
        var end = start + 2
        while end < bytes.count, end - start <= 27, bytes[end].isIn(.word) { end += 1 }
        let body = slice(start + 2..<end)
        return body.count == 24 && body.contains { $0.isIn(.digit) } && SecretValue.hasMixedCase(body)
            && body.allSatisfy { $0.isIn(.alphanumeric) } ? start..<end : nil
    }

    /// URLs whose path is the secret.
    func webhook(at start: Int) -> Range<Int>? {
        let prefixes: [StaticString] =
            switch bytes[start] {
            case UInt8(ascii: "h"):
                [
                    "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/",
                    "hooks.zapier.com/hooks/catch/",
                ]
            case UInt8(ascii: "w"): ["webhook.office.com/webhookb2/"]
            case UInt8(ascii: "o"): ["outlook.office.com/webhook/"]
            case UInt8(ascii: "e"): ["events.pagerduty.com/integration/"]
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

    /// AWS's secret key directly after its access key: forty characters of base64.
    func accessKeyCompanion(at start: Int) -> Range<Int>? {
        guard Self.isBehindAccessKey(bytes, start) else { return nil }
        var end = start
        while end < bytes.count, end - start <= 40,
            bytes[end].isIn(.alphanumeric) || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: "+")
        { end += 1 }
        return end - start == 40 ? start..<end : nil
    }

    /// Whether an access key ends just before. It is already masked, so this looks back for it.
    @inline(__always)
    static func isBehindAccessKey(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var end = start
        while end > 0, start - end < 4, !bytes[end - 1].isIn(.alphanumeric) { end -= 1 }
        guard end < start, end >= 20, bytes[end - 20] == UInt8(ascii: "A") else { return false }
        // Written out: comparing sequences here costs the scanner's loop seven instructions per byte.
        let second = bytes[end - 19]
        return (second == UInt8(ascii: "K") || second == UInt8(ascii: "S")) && bytes[end - 18] == UInt8(ascii: "I")
            && bytes[end - 17] == UInt8(ascii: "A")
    }
}
