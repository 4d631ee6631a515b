public import JSON

/// Replaces secrets in texts by marks, before the texts are hashed and written.
///
/// It knows the common shapes (access keys of known services, JWT, PEM, URL passwords) and the common places
/// (`password=`, `Authorization:`, `--token X`, members of JSON). It is a net, not a proof: a secret that looks like
/// any other word in a place like any other passes. Where it is in doubt it masks.
///
/// A text is looked through in linear time: once, and once more for each layer of a shell's quoting (``ShellReading``).
public struct SecretMask: Sendable {
    /// Shorter known secrets are ignored: they would be found in ordinary words.
    public static let shortestKnownSecret = 6

    private let finder: SecretFinder
    /// Nil: marks without one.
    private let tag: (@Sendable ([UInt8]) -> String)?

    /// - Parameters:
    ///   - known: masked wherever they appear, exactly as they are.
    ///   - tag: sixteen hexadecimal digits that stand for a secret: the start of an HMAC-SHA256 with a secret key. The
    ///     same secret has the same tag, so that people see that it is the same; but a bare hash would not do, since a
    ///     short password can be found by hashing all the short passwords.
    public init(known: [String] = [], tag: @escaping @Sendable ([UInt8]) -> String) {
        finder = SecretFinder(known: KnownSecrets(known))
        self.tag = tag
    }

    private init(_ finder: SecretFinder) { (self.finder, tag) = (finder, nil) }

    /// Masks the same by `[masked]`, and puts that in place of marks that have a tag. For who may have words of their
    /// own masked: they would find a short secret by trying until its tag comes.
    public var untagged: SecretMask { SecretMask(finder) }

    /// The text with `[masked:hmac-sha256:…]` in place of each secret.
    public func masked(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes -> String? in
            var secrets = finder.secrets(in: bytes)
            if tag == nil { secrets = SecretFinder.union(secrets, Mark.tagged(in: bytes)) }
            guard !secrets.isEmpty else { return nil }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            var position = 0
            for secret in secrets {
                output.append(contentsOf: bytes[position..<secret.lowerBound])
                output.append(contentsOf: mark(Array(bytes[secret])).utf8)
                position = secret.upperBound
            }
            output.append(contentsOf: bytes[position...])
            return String(decoding: output, as: UTF8.self)
        } ?? text
    }

    /// The text, which may be JSON, with `[masked]` in place of each mark that has a tag.
    public static func withoutTags(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { bytes in
            var output: [UInt8] = [], position = 0
            for mark in Mark.tagged(in: bytes) {
                output += bytes[position..<mark.lowerBound]
                output += Mark.plain.utf8
                position = mark.upperBound
            }
            return output + bytes[position...]
        }
    }

    /// All texts in it, names of members too, and numbers whose names are secret.
    public func masked(_ object: JSONObject) -> JSONObject { masked(object, isSecret: false) }

    /// All texts in it.
    public func masked(value: JSONValue) -> JSONValue { masked(value, isSecret: false) }

    private func masked(_ object: JSONObject, isSecret: Bool) -> JSONObject {
        JSONObject(
            object.members.map { key, value in
                let name = SecretName(key)
                let isSecret = isSecret || name.isSecret && (!name.isPlural || value.stringValue != nil)
                return (masked(key), masked(value, isSecret: isSecret))
            })
    }

    private func masked(_ value: JSONValue, isSecret: Bool) -> JSONValue {
        switch value {
        case .null, .bool: value
        case .number: isSecret ? .string(mark(value.serialized())) : value
        case .string(let text): .string(isSecret ? maskedWhole(text) : masked(text))
        case .array(let elements): .array(masked(elements, isSecret: isSecret))
        case .object(let object): .object(masked(object, isSecret: isSecret))
        }
    }

    /// An element may be the argument of the one before it: `["--token", "X"]`.
    private func masked(_ elements: [JSONValue], isSecret: Bool) -> [JSONValue] {
        if !isSecret, let call = ProgramCall(elements), let words = call.words(masked: masked(call.text)) {
            return zip(elements, words).map { element, word in
                switch word {
                case .kept: masked(element, isSecret: false)
                case .masked(let text): .string(text)
                case .secret: masked(element, isSecret: true)
                }
            }
        }
        var isArgument = false
        return elements.map { element in
            let value = masked(element, isSecret: isSecret || isArgument)
            isArgument = element.stringValue.map(Self.takesSecret) ?? false
            return value
        }
    }

    private static func takesSecret(_ option: String) -> Bool {
        let name = option.drop { $0 == "-" }
        guard option.hasPrefix("-"), name.utf8.count >= 3, name.utf8.allSatisfy({ $0.isIn(.word) }) else {
            return false
        }
        return SecretName(String(name)).isSecret
    }

    private func maskedWhole(_ text: String) -> String {
        var text = text
        let isHarmless = text.withUTF8 { SecretValue.isHarmless($0[...]) }
        return isHarmless ? text : mark(Array(text.utf8))
    }

    private func mark(_ secret: [UInt8]) -> String { tag.map { Mark.start + $0(secret) + "]" } ?? Mark.plain }
}
