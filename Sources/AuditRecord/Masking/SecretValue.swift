/// Classifies values in secret places: some only say that there is no secret, or where it is.
enum SecretValue {
    private static let words: [PackedWord] = [
        "not", "none", "null", "nil", "undefined", "true", "false", "yes", "no", "on", "off", "unset", "set",
        "empty", "missing", "required", "optional", "invalid", "expired", "revoked", "wrong", "unknown", "default",
        "string", "str", "bytes", "int", "redacted", "hidden", "masked", "changed", "prompt", "stdin", "env", "file",
        "is", "was", "has", "for", "the", "a", "an", "in", "from", "of", "to", "does", "must", "cannot", "could",
        "failed", "denied", "accepted", "basic", "bearer", "no-store", "~", "-", "n/a",
    ]

    static func isHarmless(_ value: Bytes) -> Bool {
        guard let first = value.first else { return true }
        if Mark.length(at: value) == value.count { return true }
        if value.count <= 12, words.contains(PackedWord(value)) { return true }
        if value.allSatisfy({ $0 == first }), !first.isIn(.alphanumeric) || first == UInt8(ascii: "x") { return true }
        // The rest of a shell's quoting.
        if value.allSatisfy({ $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }) {
            return true
        }
        if isPath(value) { return true }
        switch first {
        case UInt8(ascii: "$"): return isReference(value.dropFirst())
        case UInt8(ascii: "<"): return value.last == UInt8(ascii: ">")
        case UInt8(ascii: "{"): return value.starts(with: "{{".utf8)
        case UInt8(ascii: "`"): return true
        case UInt8(ascii: "%"): return value.starts(with: "%(".utf8) || value.count == 2
        default: return false
        }
    }

    /// `/etc/ssl/key.pem`, `~/.ssh/id_ed25519`: only a location. Base64 may start with a slash too, but mixes upper and
    /// lower case.
    private static func isPath(_ value: Bytes) -> Bool {
        guard value.first == UInt8(ascii: "/") || value.first == UInt8(ascii: "~") || value.first == UInt8(ascii: ".")
        else { return false }
        let isRooted = ["/", "~/", "./", "../"].contains { value.starts(with: $0.utf8) }
        guard isRooted else { return false }
        return !(hasMixedCase(value) && value.contains { $0.isIn(.digit) })
    }

    /// `$NAME`, `${NAME}`, `$(command)`, `$1`: only the location of the secret. `$ecret99` is not a reference.
    private static func isReference(_ rest: Bytes) -> Bool {
        guard let first = rest.first else { return true }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "(") { return true }
        if rest.count == 1 { return true }
        let isName = rest.allSatisfy { $0.isIn(.word) || $0 == UInt8(ascii: ":") }
        let hasDigit = rest.contains { $0.isIn(.digit) }, hasLower = rest.contains { $0.isIn(.lower) }
        return isName && !(hasDigit && hasLower)
    }

    /// Whether the value is too random to be a word of a sentence.
    static func looksRandom(_ value: Bytes) -> Bool {
        guard value.count >= 6 else { return false }
        let hasDigit = value.contains { $0.isIn(.digit) }, hasLetter = value.contains { $0.isIn(.letter) }
        return hasDigit && hasLetter || value.count >= 20 && hasMixedCase(value)
    }

    static func hasMixedCase(_ value: Bytes) -> Bool {
        value.contains { $0.isIn(.upper) } && value.contains { $0.isIn(.lower) }
    }
}
