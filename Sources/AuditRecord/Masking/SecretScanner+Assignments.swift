// `name=value`, `name: value`, `"name": "value"`, headers.
extension SecretScanner {
    private static let longestName = 64
    /// How much of a value is inspected to decide whether it is a secret. A secret itself may be longer.
    static let longestGlance = 256

    func assignment(at separator: Int) -> Range<Int>? {
        let isColon = bytes[separator] == UInt8(ascii: ":")
        if isColon, Mark.hasColon(bytes, separator) { return nil }
        if isColon,
            let secret = userInformation(at: separator) ?? telegram(at: separator) ?? passwordLine(at: separator)
                ?? dataSource(at: separator) ?? windowsHash(at: separator)
        {
            return secret
        }
        guard let range = name(before: separator) else { return nil }
        let name = SecretName(slice(range))
        var start = separator + 1
        if start < bytes.count {
            switch bytes[start] {
            case UInt8(ascii: ":"):  // `Token::new`; LDIF's `userPassword:: base64`
                guard isColon, name.isSecret, start + 1 < bytes.count, bytes[start + 1] == 0x20 else { return nil }
                start += 1
            case UInt8(ascii: "="): if isColon { start += 1 } else { return nil }  // `:=`, `==`
            case UInt8(ascii: ">"): if !isColon { start += 1 }  // `=>`
            default: break
            }
        }
        let value = skipEscapedBlanks(from: start)
        guard value < bytes.count else { return nil }
        // `env PASSWORD= program`: the shell ends the word here.
        if !isColon, value > separator + 1, range.upperBound == separator, layout?.hasCut(at: separator + 1) == true {
            return nil
        }
        if name.isSession, !isColon || value > separator + 1 { return session(from: value) }
        guard name.isSecret else { return loose(range, value: value, isTight: value == separator + 1) }
        if name.isHeader, isColon || startsHeader(value) { return header(from: skipBlanks(from: start)) }
        if let quoted = quoted(from: value) { return harmlessChecked(quoted) }
        // `token += text`
        if bytes[separator - 1] == UInt8(ascii: "+"), value > separator + 1 { return nil }
        if isCall(from: value, isTight: value == separator + 1) { return nil }
        if bytes[value] == UInt8(ascii: "("), let secret = credentialArguments(at: value) { return secret }
        if isColon, let block = blockText(from: value) { return harmlessChecked(block) }
        let end = unquotedEnd(from: value, query: isInQuery(range))
        let glance = slice(value..<min(end, value + Self.longestGlance))
        if SecretValue.isHarmless(glance) { return value < end ? continued(value..<end) : nil }
        let isTight = value == separator + 1 && range.upperBound == separator
        let startsLine = startsLine(range.lowerBound)
        if !isTight, name.isWeak {
            let isAlone = startsLine && end - value >= 8 && endsLine(end)
            return isAlone || SecretValue.looksRandom(glance) ? value..<end : nil
        }
        // `password: several words` in YAML.
        return isColon && !isTight && startsLine && !name.isWeak ? value..<lineEnd(from: end) : value..<end
    }

    /// A header value may be unquoted: `X-Api-Key:\\ X`.
    private func skipEscapedBlanks(from start: Int) -> Int {
        var position = skipBlanks(from: start)
        while let blank = escapedBlank(at: position) { position = skipBlanks(from: blank) }
        return position
    }

    /// The name that ends before `separator`: bare, or in quotes, which may be escaped; blanks may follow it.
    func name(before separator: Int) -> Range<Int>? {
        var end = separator
        // `PASSWORD+=X`, make's `PASSWORD ?= X`.
        if end > 0, bytes[end - 1] == UInt8(ascii: "+") || bytes[end - 1] == UInt8(ascii: "?") { end -= 1 }
        while end > 0, separator - end < 8, bytes[end - 1] == 0x20 { end -= 1 }
        if let name = expandedName(before: end) { return name }
        // `environ["PASSWORD"] = X`, Perl's `$ENV{PASSWORD} = X`
        let isMember = end > 0 && bytes[end - 1] == UInt8(ascii: "}")
        if isMember || end > 1 && bytes[end - 1] == UInt8(ascii: "]") && bytes[end - 2].isIn(.quote) { end -= 1 }
        if end > 0, bytes[end - 1] == UInt8(ascii: "\"") || bytes[end - 1] == UInt8(ascii: "'") {
            end -= 1
            while end > 0, separator - end < 16, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        }
        var start = end
        while start > 0, end - start < Self.longestName,
            bytes[start - 1].isIn(.word) || bytes[start - 1] == UInt8(ascii: ".")
        { start -= 1 }
        if isEscape(start - 1) { start += 1 }
        if isMember, !endsWithMember(start) { return nil }
        return start < end ? start..<end : nil
    }

    /// `export DB_{PASSWORD,USER}=X`: the secret one of the names that bash makes of it.
    private func expandedName(before end: Int) -> Range<Int>? {
        guard end > 0, end < bytes.count, bytes[end - 1] == UInt8(ascii: "}"), bytes[end] == UInt8(ascii: "=") else {
            return nil
        }
        var start = end - 1, last = end - 1, secret: Range<Int>?, count = 1
        while start > 0, end - start < Self.longestName, bytes[start - 1].isIn(.word) || bytes[start - 1] == 0x2C {
            start -= 1
            guard bytes[start] == 0x2C else { continue }
            if SecretName(slice(start + 1..<last)).isSecret { secret = start + 1..<last }
            (last, count) = (start, count + 1)
        }
        guard count > 1, start > 0, bytes[start - 1] == UInt8(ascii: "{") else { return nil }
        return SecretName(slice(start..<last)).isSecret ? start..<last : secret
    }

    /// `ENV{` ends here, and perhaps a quote after it.
    private func endsWithMember(_ start: Int) -> Bool {
        let brace = start > 0 && bytes[start - 1].isIn(.quote) ? start - 1 : start
        return matchesAnyCase("env{", at: brace - 4)
    }

    func isInQuery(_ name: Range<Int>) -> Bool {
        guard name.lowerBound > 0 else { return false }
        let before = bytes[name.lowerBound - 1]
        return before == UInt8(ascii: "?") || before == UInt8(ascii: "&")
    }

    private func startsLine(_ start: Int) -> Bool {
        var position = start
        while position > 0, start - position < Self.longestName,
            bytes[position - 1] == 0x20 || bytes[position - 1] == UInt8(ascii: "-")
        { position -= 1 }
        return position == 0 || bytes[position - 1] == 0x0A
    }

    private func endsLine(_ end: Int) -> Bool { lineEnd(from: end) == end }

    private func lineEnd(from start: Int) -> Int {
        var end = start
        let limit = reach(from: start)
        while end < limit, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        return end
    }
}
