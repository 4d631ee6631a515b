// Phrases about secrets, in sentences and in configurations of servers and network devices.
extension SecretScanner {
    /// Texts between `password` and a value that does not look like a word.
    private static let tellings: [StaticString] = [
        "is ", "is: ", "generated: ", "set to ", "reset to ", "changed to ", "= ", "for user ",
    ]

    /// `PASSWORD 'X'`, `password is X`, `password for bob: X`, `user bob password X`, `password 7 X`.
    func passwordPhrase(at word: Int, _ value: Int) -> Range<Int>? {
        if let secret = quoted(from: value) { return harmlessChecked(secret) }
        if let telling = Self.tellings.first(where: { matches($0, at: value) }),
            let secret = randomWord(from: value + telling.utf8CodeUnitCount)
        {
            return secret
        }
        if matchesAnyCase("is generated for ", at: value) { return secretOfUser(from: value + 17) }
        if matchesAnyCase("for ", at: value) { return secretOfUser(from: value + 4) }
        return deviceSecret(from: value) ?? (isSetting(at: word) ? randomWord(from: value) : nil)
    }

    func randomWord(from start: Int) -> Range<Int>? {
        guard let secret = glance(from: start) else { return nil }
        return secret.count < 64 && SecretValue.looksRandom(slice(secret)) ? harmlessChecked(secret) : nil
    }

    /// `Password for bob: X`, and SQL's `PASSWORD FOR 'bob'@'%' = 'X'`.
    private func secretOfUser(from start: Int) -> Range<Int>? {
        var position = start
        while position < bytes.count, position - start < 80, bytes[position] != 0x0A {
            switch bytes[position] {
            case UInt8(ascii: "["): return nil
            case UInt8(ascii: "="): return quoted(from: skipBlanks(from: position + 1)).flatMap(harmlessChecked)
            case UInt8(ascii: ":"):
                let value = skipBlanks(from: position + 1)
                return value > position + 1 ? randomWord(from: value) : nil
            default: position += 1
            }
        }
        return nil
    }

    /// Cisco's `password 7 094F471A`: the digit is the encoding. After `0` the password may be in plain text.
    func deviceSecret(from value: Int) -> Range<Int>? {
        guard value + 2 < bytes.count, "056789".utf8.contains(bytes[value]), bytes[value + 1] == 0x20 else {
            return nil
        }
        let start = value + 2
        guard let end = glance(from: start)?.upperBound else { return nil }
        guard end - start >= 4, end - start <= Self.longestGlance else { return nil }
        let isHex = slice(start..<end).allSatisfy { $0.isIn(.upperHex | .lowerHex) } && (end - start).isMultiple(of: 2)
        switch bytes[value] {
        case UInt8(ascii: "7"): return isHex ? start..<end : nil
        default: return SecretValue.looksRandom(slice(start..<end)) ? harmlessChecked(start..<end) : nil
        }
    }

    /// A line of a device configuration: `user bob password X`, `neighbor 10.0.0.1 password X`, `set password X`.
    private func isSetting(at word: Int) -> Bool {
        var start = word
        while start > 0, word - start < 64, bytes[start - 1] != 0x0A, !bytes[start - 1].isIn(.separator | .quote),
            !isEscape(start - 2)
        { start -= 1 }
        let starts: [StaticString] = ["set ", "user ", "username ", "neighbor ", "enable "]
        let first = skipBlanks(from: start)
        // A line of two words.
        if matchesAnyCase("password", at: first), first + 8 == word { return endsLine(behind: skipBlanks(from: word)) }
        return starts.contains { matches($0, at: first) }
    }

    func endsLine(behind value: Int) -> Bool {
        guard let end = glance(from: value)?.upperBound else { return false }
        return end == bytes.count || bytes[end] == 0x0A || bytes[end] == 0x0D || isEscape(end)
    }

    /// `radius-server key X`, `secret "X";`
    func configuredSecret(at word: Int, _ value: Int) -> Range<Int>? {
        if let secret = quoted(from: value), secret.upperBound + 1 < bytes.count, secret.count < 128,
            bytes[secret.upperBound + 1] == UInt8(ascii: ";"), layout == nil
        {
            return harmlessChecked(secret)
        }
        let starts: [StaticString] = ["radius-server ", "tacacs-server ", "crypto isakmp "]
        var start = word
        while start > 0, word - start < 64, bytes[start - 1] != 0x0A {
            start -= 1
            if starts.contains(where: { matches($0, at: start) }) { return randomWord(from: value) }
        }
        return nil
    }

    /// Vault's `Unseal Key 1: X`.
    func numberedKey(from value: Int) -> Range<Int>? {
        guard matchesAnyCase("key ", at: value) else { return nil }
        var position = value + 4
        while position < bytes.count, position - value < 32, bytes[position] != UInt8(ascii: ":"),
            bytes[position] != UInt8(ascii: "["), bytes[position] != 0x0A
        { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
        return randomWord(from: skipBlanks(from: position + 1))
    }

    /// Redis' `ACL SETUSER bob on >X`.
    func accessRule(from start: Int) -> Range<Int>? {
        var position = start
        while position < bytes.count, position - start < 128, bytes[position] != 0x0A,
            !bytes[position].isIn(.separator)
        {
            if bytes[position] == UInt8(ascii: ">") || bytes[position] == UInt8(ascii: "<"),
                !bytes[position - 1].isIn(.alphanumeric)
            {
                return harmlessChecked(position + 1..<unquotedEnd(from: position + 1, query: false))
            }
            position += 1
        }
        return nil
    }

    /// snmpd's `createUser bob SHA X AES X`: everything after the method, to the end of the line.
    func userOfMethod(from start: Int) -> Range<Int>? {
        let method = skipBlanks(from: argumentEnd(from: start))
        guard ["MD5 ", "SHA ", "SHA-256 ", "SHA-512 "].contains(where: { matches($0, at: method) }) else { return nil }
        let value = skipBlanks(from: argumentEnd(from: method))
        var end = value
        while end < bytes.count, end - value < Self.longestGlance, bytes[end] != 0x0A, !bytes[end].isIn(.quote),
            !isEscape(end)
        { end += 1 }
        return harmlessChecked(value..<end)
    }
}
