// Values whose names are elsewhere: in a pair, or around them.
extension SecretScanner {
    /// `name: DB_PASSWORD` followed by `value: X`, or the reverse; `key="DbPassword" value="X"`,
    /// `ParameterKey=DbPassword,ParameterValue=X`; `"secret": {"value": "X"}`.
    func pairedValue(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard matchesAnyCase("value", at: name.upperBound - 5), isLastWord(name, from: name.upperBound - 5),
            let secret = glance(from: value),
            let paired = nameBefore(name) ?? nameBehind(secret.upperBound) ?? container(of: name), paired.isSecret,
            !paired.isWeak || SecretValue.looksRandom(slice(secret))
        else { return nil }
        return harmlessChecked(secret)
    }

    /// `value`, `ParameterValue`, `env[0].value`
    private func isLastWord(_ name: Range<Int>, from start: Int) -> Bool {
        start == name.lowerBound
            || start > name.lowerBound
                && (!bytes[start - 1].isIn(.alphanumeric) || bytes[start - 1].isIn(.lower) && bytes[start].isIn(.upper))
    }

    /// A value that ends soon: a check that runs at many places in the same text must not walk to its end each time.
    func glance(from value: Int) -> Range<Int>? {
        if let quoted = quoted(from: value) { return quoted }
        var end = value
        while end < bytes.count, !bytes[end].isIn(.space | .stop) {
            guard end - value < Self.longestGlance else { return nil }
            end += 1
        }
        return value..<unquotedEnd(from: value, query: false)
    }

    private func nameBefore(_ name: Range<Int>) -> SecretName? {
        var end = name.lowerBound
        // `env[0].`
        if bytes[end] == UInt8(ascii: ".") {
            while end > 0, name.lowerBound - end < 40, bytes[end - 1].isIn(.word | .dot | .bracket) { end -= 1 }
        }
        let limit = end
        while end > 0, limit - end < 40, !bytes[end - 1].isIn(.word) || isEscape(end - 2) {
            if bytes[end - 1] == UInt8(ascii: "{") || bytes[end - 1] == UInt8(ascii: "}") { return nil }
            end -= isEscape(end - 2) ? 2 : 1
        }
        var start = end
        while start > 0, end - start < 64, bytes[start - 1].isIn(.word | .dot) { start -= 1 }
        // Blanks, quotes, `:` or `=`, and quotes precede it; before those, `name` or `key`.
        var before = start
        while before > 0, start - before < 12, !bytes[before - 1].isIn(.word), bytes[before - 1] != UInt8(ascii: ",") {
            before -= 1
        }
        if matches("SecureString", at: start), end - start == 12 { return SecretName("password") }
        return start < end && saysName(endingAt: before) ? SecretName(slice(start..<end)) : nil
    }

    private func saysName(endingAt end: Int) -> Bool {
        matchesAnyCase("name", at: end - 4) || matchesAnyCase("key", at: end - 3)
    }

    /// `"value":"X","name":"DB_PASSWORD"`
    private func nameBehind(_ value: Int) -> SecretName? {
        var start = value
        while start < bytes.count, start - value < 24, !bytes[start].isIn(.word) || isEscape(start) {
            guard bytes[start] != UInt8(ascii: "{"), bytes[start] != UInt8(ascii: "}") else { return nil }
            start += isEscape(start) ? 2 : 1
        }
        var end = start
        while end < bytes.count, end - start < 64, bytes[end].isIn(.word | .dot) { end += 1 }
        guard end > start, saysName(endingAt: end) else { return nil }
        var word = end
        while word < bytes.count, word - end < 12, !bytes[word].isIn(.word), bytes[word] != UInt8(ascii: ",") {
            word += 1
        }
        guard bytes[end..<word].contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else {
            return nil
        }
        var wordEnd = word
        while wordEnd < bytes.count, wordEnd - word < 64, bytes[wordEnd].isIn(.word | .dot) { wordEnd += 1 }
        return SecretName(slice(word..<wordEnd))
    }

    /// `"db_password": {"type": "string", "value": "X"}`
    private func container(of name: Range<Int>) -> SecretName? {
        var brace = name.lowerBound
        while brace > 0, name.lowerBound - brace < 128, bytes[brace - 1] != UInt8(ascii: "{") {
            if bytes[brace - 1] == UInt8(ascii: "}") { return nil }
            brace -= 1
        }
        guard brace > 0, bytes[brace - 1] == UInt8(ascii: "{") else { return nil }
        var end = brace - 1
        while end > 0, brace - end < 16, bytes[end - 1].isIn(.space) { end -= 1 }
        guard end > 0, bytes[end - 1] == UInt8(ascii: ":") || bytes[end - 1] == UInt8(ascii: "="),
            let range = self.name(before: end - 1)
        else { return nil }
        return SecretName(slice(range))
    }
}
