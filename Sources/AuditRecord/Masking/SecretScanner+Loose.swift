// Names that are secret only in some contexts.
extension SecretScanner {
    /// A signature in a URL's query, `pass`, a member of a secret store, the value of a pair.
    func loose(_ range: Range<Int>, value: Int, isTight: Bool) -> Range<Int>? {
        switch bytes[range.upperBound - 1].lowercased {
        case UInt8(ascii: "e"): if let secret = pairedValue(range, value: value) { return secret }
        case UInt8(ascii: "s"): if let secret = passValue(range, value: value) { return secret }
        // Oracle's `jdbc:oracle:thin:name/X@host`.
        case UInt8(ascii: "n") where matches("thin", at: range.lowerBound):
            return secret(from: value, behind: UInt8(ascii: "/"), until: UInt8(ascii: "@"))
        case UInt8(ascii: "d"):
            if let secret = secretIdentifier(range, value: value) ?? webKey(range, value: value) { return secret }
        case UInt8(ascii: "k"): if let secret = webKey(range, value: value) { return secret }
        case UInt8(ascii: "t"): if let secret = gossipKey(range, value: value) { return secret }
        case UInt8(ascii: "y"):
            if let secret = routingKey(range, value: value) ?? namedKey(range, value: value) { return secret }
        case UInt8(ascii: "r"): if let secret = userOfConfiguration(range, value: value) { return secret }
        default: break
        }
        if store.contains(range.lowerBound) { return stored(value) }
        guard isTight else { return nil }
        if isSecretOfCommand(range) { return secret(from: value, behind: nil) }
        guard isInQuery(range),
            PackedWord(slice(range)) == "sig" || matchesAnyCase("signature", at: range.upperBound - 9)
                || isPasswordOfQuery(range, value: value)
        else { return nil }
        return harmlessChecked(value..<unquotedEnd(from: value, query: true))
    }

    /// A bare `pass` is what tests do and count. It is secret in `pass:X`, `,pass=X`, `&pass=X`, `"pass":"X"`,
    /// `PASS=X`, and if `X` does not look like a word.
    private func passValue(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard PackedWord(slice(name)) == "pass" else { return nil }
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : 0
        let isListed = before == UInt8(ascii: ",") || before.isIn(.separator | .quote) || isInQuery(name)
        guard let range = glance(from: value) else { return nil }
        let quoted = quoted(from: value)
        let isTight = bytes[value - 1] == bytes[name.upperBound]
        let isColon = bytes[name.upperBound] == UInt8(ascii: ":"), isUpper = bytes[name.lowerBound].isIn(.upper)
        // `PASS: test-utf8` is a test's result.
        let isRandom =
            range.count <= 64 && SecretValue.looksRandom(slice(range)) && !(isColon && isUpper)
            && !bytes[range].contains(UInt8(ascii: "."))
        guard
            isTight && (isListed || isColon) || isListed && quoted != nil
                || isTight && isUpper && range.count >= 4 || isRandom
        else { return nil }
        let secret = harmlessChecked(range)
        return secret.flatMap { slice($0).allSatisfy { $0.isIn(.digit) } ? nil : $0 }
    }

    /// Vault's `secret_id=X`; elsewhere it is the name of a secret.
    private func secretIdentifier(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard
            matchesAnyCase("secret_id", at: name.upperBound - 9) || matchesAnyCase("secretid", at: name.upperBound - 8)
                || matchesAnyCase("secret id", at: name.upperBound - 9)
        else { return nil }
        guard let secret = glance(from: value) else { return nil }
        let isRandom = secret.count >= 20 && secret.count <= 64 && SecretValue.looksRandom(slice(secret))
        return isRandom && slice(secret).allSatisfy { $0.isIn(.word) } ? secret : nil
    }

    /// `private key: X`, `Secret Key: X`
    private func namedKey(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard name.count == 3, matchesAnyCase("key", at: name.lowerBound) else { return nil }
        let kinds: [StaticString] = ["private ", "secret ", "preshared "]
        guard kinds.contains(where: { matchesAnyCase($0, at: name.lowerBound - $0.utf8CodeUnitCount) }),
            let secret = glance(from: value), secret.count >= 16, secret.count <= 128
        else { return nil }
        return SecretValue.looksRandom(slice(secret)) ? harmlessChecked(secret) : nil
    }

    /// The private part of a JSON Web Key: `"d":"X"`, and `"k":"X"` of a symmetric one.
    private func webKey(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard name.count == 1, name.lowerBound > 0, bytes[name.lowerBound - 1].isIn(.quote),
            let secret = quoted(from: value), secret.count >= 40, secret.count <= 2_048
        else { return nil }
        return slice(secret).allSatisfy { $0.isIn(.word) } && SecretValue.looksRandom(slice(secret)) ? secret : nil
    }

    /// Consul's `encrypt = "X="`: 16 or 32 bytes in base64.
    private func gossipKey(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard PackedWord(slice(name)) == "encrypt", let secret = glance(from: value),
            secret.count == 24 || secret.count == 44, bytes[secret.upperBound - 1] == UInt8(ascii: "=")
        else { return nil }
        return slice(secret).allSatisfy { $0.isIn(.base64) } ? secret : nil
    }

    /// PagerDuty's routing key; elsewhere it is the name of a route.
    private func routingKey(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard matchesAnyCase("routing", at: name.lowerBound) else { return nil }
        guard let secret = glance(from: value) else { return nil }
        return secret.count == 32 && slice(secret).allSatisfy { $0.isIn(.alphanumeric) }
            && SecretValue.looksRandom(slice(secret)) ? secret : nil
    }

    /// curl's `user = "name:X"`.
    private func userOfConfiguration(_ name: Range<Int>, value: Int) -> Range<Int>? {
        guard matchesAnyCase("user", at: name.upperBound - 4), bytes[value - 1] != UInt8(ascii: ":"), let command,
            KnownProgram.all[command.program].names.contains(where: { "\($0)" == "curl" }), quoted(from: value) != nil
        else { return nil }
        return secret(from: value, behind: UInt8(ascii: ":"))
    }

    /// `?u=bob&p=X`: if `p` were a page, no user would be next to it.
    private func isPasswordOfQuery(_ name: Range<Int>, value: Int) -> Bool {
        guard name.count == 1, bytes[name.lowerBound].lowercased == UInt8(ascii: "p") else { return false }
        guard let end = glance(from: value)?.upperBound else { return false }
        guard !slice(value..<end).allSatisfy({ $0.isIn(.digit) }) else { return false }
        var before = name.lowerBound - 1
        while before > 0, name.lowerBound - before < 128, !isParameterSign(bytes[before - 1]) { before -= 1 }
        return isUser(at: before) || end < bytes.count && bytes[end] == UInt8(ascii: "&") && isUser(at: end + 1)
    }

    private func isParameterSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&") }

    private func isUser(at start: Int) -> Bool {
        ["u=", "user=", "usr=", "username=", "login=", "name="].contains { matchesAnyCase($0, at: start) }
    }

    /// `vault kv put x name=X`, `xfreerdp /p:X`.
    private func isSecretOfCommand(_ name: Range<Int>) -> Bool {
        guard let command else { return false }
        let program = KnownProgram.all[command.program]
        if bytes[name.upperBound] == UInt8(ascii: "=") {
            // Other names in a `vault write` have a meaning of their own.
            return program.stores.contains { command.has(verb: $0) }
                || command.has(verb: "write") && PackedWord(slice(name)) == "value"
        }
        guard name.count == 1, name.lowerBound > 0, bytes[name.lowerBound - 1] == UInt8(ascii: "/") else {
            return false
        }
        return program.options.contains {
            $0.name.utf8CodeUnitCount == 1 && $0.name.utf8Start[0] == bytes[name.lowerBound]
        }
    }
}
