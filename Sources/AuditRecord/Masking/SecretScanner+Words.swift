// Words that precede a secret; and programs and their verbs, which are remembered.
extension SecretScanner {
    mutating func wordBeforeSecret(at start: Int, _ word: WordSpan) -> Range<Int>? {
        guard word.end - start <= 16, word.end < bytes.count, bytes[word.end].isIn(Self.wordEnd) else { return nil }
        var end = word.end
        if bytes[end] == UInt8(ascii: ".") {
            guard let suffix = Self.programSuffixes.first(where: { matches($0, at: end) }) else { return nil }
            end += suffix.utf8CodeUnitCount - 1
        }
        let name = PackedWord(slice(start..<word.end))
        if let rule = WordRule.byWord[name], let secret = secret(after: rule, from: end) { return secret }
        guard bytes[end].isIn(.space) else { return nil }
        if command.map({ KnownProgram.all[$0.program].has(verb: name) }) ?? false {
            guard isVerb(at: start) else { return nil }
            command?.verb = name
        } else if let program = KnownProgram.byName[name], !bytes[start].isIn(.upper),
            start == 0 || bytes[start - 1] != UInt8(ascii: "-")
        {
            command = CommandLine(program: program, from: end)
        } else {
            return nil
        }
        if coming == nil { coming = operand(from: end) }
        return nil
    }

    private static let programSuffixes: [StaticString] = [".exe ", ".local "]

    /// A separate word, or the end of one (`reset-admin-password`, `wifi-sec.psk`); not an option, and not part of a
    /// path.
    private func isVerb(at start: Int) -> Bool {
        guard start > 0 else { return true }
        let before = bytes[start - 1]
        if before == UInt8(ascii: "-") { return start > 1 && bytes[start - 2].isIn(.alphanumeric) }
        return before.isIn(.space | .quote | .dot) || isEscape(start - 2)
    }

    /// The parenthesis is for SQL: `PASSWORD('X')`.
    private static let wordEnd = ByteClass.space | ByteClass.opening | ByteClass.dot

    private mutating func secret(after rule: WordRule, from end: Int) -> Range<Int>? {
        let value = skipBlanks(from: end)
        switch rule {
        case .quoted where bytes[end] == UInt8(ascii: "("): return quoted(from: end + 1).flatMap(harmlessChecked)
        case .lookup: return bytes[end] == UInt8(ascii: "(") ? secondArgument(at: end) : nil
        case .scheme where bytes[end] == UInt8(ascii: "("): return nil
        case _ where bytes[end] == UInt8(ascii: "("): return secondArgument(at: end)
        case .scheme: return credentials(from: value)
        // HAProxy's `insecure-password`.
        case .quoted where matchesAnyCase("insecure-", at: end - 17): return secret(from: value, behind: nil)
        case .quoted: return passwordPhrase(at: end, value)
        case .device: return deviceSecret(from: value) ?? configuredSecret(at: end, value)
        case .column: return endsLine(behind: value) ? randomWord(from: value) : nil
        case .numberedKey: return numberedKey(from: value)
        case .community:
            return matches("community ", at: value) ? secret(from: skipBlanks(from: value + 10), behind: nil) : nil
        case .credentials:
            guard matches("auth ", at: value) else { return nil }
            return secret(from: skipBlanks(from: value + 5), behind: UInt8(ascii: ":"))
        case .accessRule: return accessRule(from: value)
        case .userOfMethod: return userOfMethod(from: value)
        case .variable: return matches("ENV", at: end - 3) ? setting(from: value) : nil
        case .identified: return identification(from: value)
        case .argument:
            guard value > end, value < bytes.count, bytes[value] != UInt8(ascii: "=") else { return nil }
            return secret(from: value, behind: nil)
        case .setting: return setting(from: value)
        case .input:
            if let secret = standardInput(from: end) { return secret }
            if coming == nil, matchesAnyCase("printf", at: end - 6) {
                coming = printedVariable(from: value) ?? formattedSecret(from: value)
            }
            return nil
        }
    }

    private func credentials(from value: Int) -> Range<Int>? {
        let secret = value..<unquotedEnd(from: value, query: false)
        let glance = slice(secret.lowerBound..<min(secret.upperBound, secret.lowerBound + 64))
        let isLong = glance.count >= 12 && SecretValue.looksRandom(glance) || glance.count >= 30
        return isLong ? harmlessChecked(secret) : nil
    }

    /// `IDENTIFIED BY 'X'`, `IDENTIFIED WITH plugin BY 'X'`, `… AS 'X'`.
    private func identification(from start: Int) -> Range<Int>? {
        var position = start
        if matchesAnyCase("with ", at: position) {
            position = skipBlanks(from: position + 5)
            while position < bytes.count, position - start < 64, !bytes[position].isIn(.space) { position += 1 }
            position = skipBlanks(from: position)
        }
        let isBy = matchesAnyCase("by ", at: position)
        guard isBy || matchesAnyCase("as ", at: position) else { return nil }
        position = skipBlanks(from: position + 3)
        if matchesAnyCase("password ", at: position) || matchesAnyCase("values ", at: position) {
            position = skipBlanks(from: position + (bytes[position].lowercased == UInt8(ascii: "p") ? 9 : 7))
        }
        if let quoted = quoted(from: position) { return harmlessChecked(quoted) }
        guard isBy, let word = glance(from: position) else { return nil }
        return word.count < 64 && SecretValue.looksRandom(slice(word)) ? harmlessChecked(word) : nil
    }

    /// `aws configure set aws_secret_access_key X`, `setx DB_PASSWORD X`. A name of one plain word may belong to a
    /// sentence.
    private func setting(from start: Int) -> Range<Int>? {
        var name = start
        // `git config --global user.token X`
        while name < bytes.count, bytes[name] == UInt8(ascii: "-"), name - start < 64 {
            while name < bytes.count, name - start < 64, !bytes[name].isIn(.space) { name += 1 }
            name = skipBlanks(from: name)
        }
        var end = name
        while end < bytes.count, end - name < 128, !bytes[end].isIn(.space | .stop) { end += 1 }
        guard end < bytes.count, end > name, bytes[end] == 0x20 || bytes[end] == 0x09,
            !bytes[name..<end].contains(UInt8(ascii: "="))
        else { return nil }
        var word = end
        while word > name, bytes[word - 1].isIn(.word) || bytes[word - 1] == UInt8(ascii: ".") { word -= 1 }
        let isPlain = word == name && slice(word..<end).allSatisfy { $0.isIn(.lower) }
        let secretName = SecretName(slice(word..<end))
        guard secretName.isSecret, !isPlain else { return nil }
        let value = skipBlanks(from: end)
        guard value < bytes.count, bytes[value] != UInt8(ascii: "-"), bytes[value] != UInt8(ascii: "=") else {
            return nil
        }
        return secret(from: value, behind: nil).flatMap { $0.count < 4 ? nil : $0 }
    }
}
