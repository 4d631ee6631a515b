// Kubernetes secrets: every member's value is secret, whatever its name.
extension SecretScanner {
    @inline(__always)
    func mayEndStoreName(before colon: Int) -> Bool {
        colon >= 4 && (bytes[colon - 1] == UInt8(ascii: "a") || bytes[colon - 1] == UInt8(ascii: "\""))
    }

    /// The end of the members after `stringData`, or after `data` if the command or the manifest says that it belongs
    /// to a secret.
    func storeEnd(at colon: Int) -> Int? {
        guard let name = name(before: colon) else { return nil }
        let word = PackedWord(slice(name))
        let isNamed = word == "stringdata"
        guard isNamed || word == "data" else { return nil }
        let value = skipBlanks(from: colon + 1)
        guard value < bytes.count else { return nil }
        let end = bytes[value] == UInt8(ascii: "{") ? objectEnd(from: value) : blockEnd(from: value, of: name)
        guard let end, isNamed || isOfSecret(before: name.lowerBound, behind: end) else { return nil }
        return end
    }

    /// The value is plain text or base64.
    func stored(_ value: Int) -> Range<Int>? {
        let secret = quoted(from: value) ?? value..<unquotedEnd(from: value, query: false)
        return harmlessChecked(secret)
    }

    private func objectEnd(from brace: Int) -> Int? {
        var end = brace + 1
        while end < bytes.count, end - brace < Self.longestStore, bytes[end] != UInt8(ascii: "}") {
            if bytes[end] == UInt8(ascii: "{") { return nil }
            end += 1
        }
        return end
    }

    /// The end of YAML lines that are indented more deeply than the name.
    private func blockEnd(from value: Int, of name: Range<Int>) -> Int? {
        guard lineBreak(at: value) != nil else { return nil }
        let indentation = column(of: name.lowerBound)
        var end = value
        while end < bytes.count, end - value < Self.longestStore {
            if let next = lineBreak(at: end) {
                let text = skipBlanks(from: next)
                if text < bytes.count, text - next <= indentation { return end }
                end = next
            } else {
                end += 1
            }
        }
        return end
    }

    private func column(of start: Int) -> Int {
        var position = start
        while position > 0, start - position < 64, bytes[position - 1] == 0x20 { position -= 1 }
        return start - position
    }

    private func isOfSecret(before start: Int, behind end: Int) -> Bool {
        if let command, command.has(verb: "secret"),
            KnownProgram.all[command.program].names.contains(where: { "\($0)" == "kubectl" })
        {
            return true
        }
        return saysSecret(max(0, start - 128)..<start) || saysSecret(end..<min(bytes.count, end + 128))
    }

    /// `kind: Secret`, `"kind":"Secret"`
    private func saysSecret(_ range: Range<Int>) -> Bool {
        range.contains { position in
            guard matches("kind", at: position) else { return false }
            var value = position + 4
            while value < range.upperBound, value - position < 12, !bytes[value].isIn(.letter) { value += 1 }
            return matches("Secret", at: value) && (value + 6 == bytes.count || !bytes[value + 6].isIn(.word))
        }
    }

    private static let longestStore = 4_096
}
