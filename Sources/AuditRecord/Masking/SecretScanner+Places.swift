// Names that are secret only in some places.
extension SecretScanner {
    /// A signature in a URL's query, `pass`, what is put in a store, the value of a pair whose name stands before.
    func loose(_ range: Range<Int>, value: Int, isTight: Bool) -> Range<Int>? {
        switch bytes[range.upperBound - 1].lowercased {
        case UInt8(ascii: "e"): if let secret = pairedValue(range, value: value) { return secret }
        case UInt8(ascii: "s"): if let secret = passValue(range, value: value) { return secret }
        // Oracle's `jdbc:oracle:thin:name/X@host`.
        case UInt8(ascii: "n") where matches("thin", at: range.lowerBound):
            return secret(from: value, behind: UInt8(ascii: "/"), until: UInt8(ascii: "@"))
        default: break
        }
        guard isTight else { return nil }
        if isSecretOfCommand(range) { return secret(from: value, behind: nil) }
        guard isInQuery(range),
            PackedWord(slice(range)) == "sig" || matchesAnyCase("signature", at: range.upperBound - 9)
        else { return nil }
        return harmlessChecked(value..<unquotedEnd(from: value, query: true))
    }

    /// `pass` alone is what tests do, and what they count; but not `pass:X`, `,pass=X`, `&pass=X`, `"pass":"X"`.
    private func passValue(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard PackedWord(slice(name)) == "pass" else { return nil }
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : 0
        let isListed = before == UInt8(ascii: ",") || before.isIn(.separator | .quote) || isInQuery(name)
        let quoted = quoted(from: value)
        let isTight = bytes[value - 1] == bytes[name.upperBound]
        guard isTight && (isListed || bytes[name.upperBound] == UInt8(ascii: ":")) || isListed && quoted != nil else {
            return nil
        }
        let secret = harmlessChecked(quoted ?? value..<unquotedEnd(from: value, query: isInQuery(name)))
        return secret.flatMap { slice($0).allSatisfy { $0.isIn(.digit) } ? nil : $0 }
    }

    /// `vault kv put x name=X`, `xfreerdp /p:X`.
    private func isSecretOfCommand(_ name: Range<Int>) -> Bool {
        guard let command else { return false }
        let program = KnownProgram.all[command.program]
        if bytes[name.upperBound] == UInt8(ascii: "=") { return program.stores.contains { command.has(verb: $0) } }
        guard name.count == 1, name.lowerBound > 0, bytes[name.lowerBound - 1] == UInt8(ascii: "/") else {
            return false
        }
        return program.options.contains {
            $0.name.utf8CodeUnitCount == 1 && $0.name.utf8Start[0] == bytes[name.lowerBound]
        }
    }

    /// `name: DB_PASSWORD` and then `value: X`; `key="DbPassword" value="X"`.
    private func pairedValue(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard PackedWord(slice(name)) == "value" else { return nil }
        var end = name.lowerBound
        while end > 0, name.lowerBound - end < 40, !bytes[end - 1].isIn(.word) || isEscape(end - 2) {
            end -= isEscape(end - 2) ? 2 : 1
        }
        var start = end
        while start > 0, end - start < 64, bytes[start - 1].isIn(.word) || bytes[start - 1] == UInt8(ascii: ".") {
            start -= 1
        }
        let paired = SecretName(slice(start..<end))
        guard start < end, paired.isSecret else { return nil }
        // Before it: blanks, quotes, `:` or `=`, quotes; then `name` or `key`.
        var before = start
        while before > 0, start - before < 12, !bytes[before - 1].isIn(.word), bytes[before - 1] != UInt8(ascii: ",") {
            before -= 1
        }
        guard matchesAnyCase("name", at: before - 4) || matchesAnyCase("key", at: before - 3) else { return nil }
        let secret = harmlessChecked(quoted(from: value) ?? value..<unquotedEnd(from: value, query: false))
        return secret.flatMap { !paired.isWeak || SecretValue.looksRandom(slice($0)) ? $0 : nil }
    }

    /// YAML's `password: |` and the lines below that are further to the right. PEM is looked at on its own.
    func blockText(from start: Int) -> Range<Int>? {
        guard bytes[start] == UInt8(ascii: "|") || bytes[start] == UInt8(ascii: ">") else { return nil }
        var sign = start + 1
        while sign < bytes.count, sign - start < 3, bytes[sign].isIn(.digit | .joint | .plus) { sign += 1 }
        guard let line = lineBreak(at: sign) else { return nil }
        let text = skipBlanks(from: line), indentation = text - line
        guard indentation > 0, !matches("-----BEGIN", at: text) else { return nil }
        var end = text
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "'") {
            if let next = lineBreak(at: end), skipBlanks(from: next) - next < indentation { break }
            end += 1
        }
        return text..<end
    }

    /// Behind a line end, which may be escaped, also more than once.
    private func lineBreak(at start: Int) -> Int? {
        var end = start
        while end < bytes.count, end - start < 16, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        guard end < bytes.count else { return nil }
        return bytes[end] == 0x0A || end > start && bytes[end] == UInt8(ascii: "n") ? end + 1 : nil
    }

    /// `<password>X</password>`
    func elementContent(at end: Int) -> Range<Int>? {
        guard end > 2, bytes[end - 1].isIn(.letter) else { return nil }
        var start = end
        while start > 0, end - start < 64, bytes[start - 1].isIn(.word) || bytes[start - 1] == UInt8(ascii: ".") {
            start -= 1
        }
        guard start > 0, bytes[start - 1] == UInt8(ascii: "<"), SecretName(slice(start..<end)).isSecret else {
            return nil
        }
        var close = end + 1
        while close < bytes.count, close - end < 4_096, bytes[close] != UInt8(ascii: "<") { close += 1 }
        let isElement = matches("</", at: close)
        return isElement && !slice(end + 1..<close).allSatisfy { $0.isIn(.space) }
            ? harmlessChecked(end + 1..<close) : nil
    }

    /// The value of a cookie that signs somebody in: long and random, and no UUID.
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
