public import JSON

/// Replaces secrets in texts by marks, before the texts are hashed and written.
///
/// It knows the common shapes (access keys of known services, JWT, PEM, URL passwords) and the common places
/// (`password=`, `Authorization:`, `--token X`, members of JSON). It catches much but guarantees nothing: a secret that
/// looks like an ordinary word in an ordinary place passes. When in doubt it masks.
///
/// A text is scanned in linear time: once, and once more for each layer of shell quoting (``ShellReading``).
public struct SecretMask: Sendable {
    /// Shorter known secrets are ignored: they would occur in ordinary words.
    public static let shortestKnownSecret = 6

    private let finder: SecretFinder
    /// nil: marks without a tag.
    private let tag: (@Sendable ([UInt8]) -> String)?

    /// - Parameters:
    ///   - known: Secrets that are masked wherever they occur literally.
    ///   - tag: Sixteen hexadecimal digits that stand for a secret: the start of an HMAC-SHA256 with a secret key.
    ///     Equal secrets have equal tags, so that people can tell. A plain hash would not do: a short password can be
    ///     found by hashing all short passwords.
    public init(known: [String] = [], tag: @escaping @Sendable ([UInt8]) -> String) {
        finder = SecretFinder(known: KnownSecrets(known))
        self.tag = tag
    }

    private init(_ finder: SecretFinder) { (self.finder, tag) = (finder, nil) }

    /// Masks the same secrets by `[masked]`, and replaces tagged marks by that too. For clients that can have texts of
    /// their own masked: with tags they could find a short secret by trying texts until its tag appears.
    public var untagged: SecretMask { SecretMask(finder) }

    /// The text with `[masked:hmac-sha256:…]` in place of each secret.
    public func masked(_ text: String) -> String { masked(text, isCommand: false) }

    /// The text of a shell command, masked so that everything the shell would run stays visible: a mask ends where its
    /// word ends, and leaves out command substitutions.
    public func masked(command text: String) -> String { masked(text, isCommand: true) }

    private func masked(_ text: String, isCommand: Bool) -> String {
        var text = text
        return text.withUTF8 { bytes -> String? in
            var secrets = finder.secrets(in: bytes, isCommand: isCommand)
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

    /// The text, which may be JSON, with `[masked]` in place of each tagged mark.
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

    /// Masks all texts in the object, including member names, and numbers with secret names.
    public func masked(_ object: JSONObject) -> JSONObject { masked(object, isSecret: false) }

    /// Masks all texts in the value.
    public func masked(value: JSONValue) -> JSONValue { masked(value, isSecret: false) }

    private func masked(_ object: JSONObject, isSecret: Bool) -> JSONObject {
        JSONObject(
            object.members.map { key, value in
                let name = SecretName(key)
                let isSecret = isSecret || name.isSecret && (!name.isPlural || value.stringValue != nil)
                if !isSecret, Self.commands.contains(key), let text = value.stringValue {
                    return (key, .string(masked(command: text)))
                }
                return (masked(key), masked(value, isSecret: isSecret))
            })
    }

    /// Members whose text a shell runs.
    private static let commands: Set<String> = [
        "command", "cmd", "script", "shellCommand", "commandLine", "stdin", "chars",
    ]

    private func masked(_ value: JSONValue, isSecret: Bool) -> JSONValue {
        switch value {
        case .null, .bool: value
        case .number: isSecret ? .string(mark(value.serialized())) : value
        case .string(let text): .string(isSecret ? maskedWhole(text) : masked(text))
        case .array(let elements): .array(masked(elements, isSecret: isSecret))
        case .object(let object): .object(masked(object, isSecret: isSecret))
        }
    }

    /// An element may be the argument of the preceding one: `["--token", "X"]`.
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
        var isArgument = false, isScript = false
        return elements.map { element in
            let text = element.stringValue
            defer {
                isArgument = text.map(Self.takesSecret) ?? false
                isScript = text.map(Self.takesScript) ?? false
            }
            if isScript, !isSecret, let text { return .string(masked(command: text)) }
            return masked(element, isSecret: isSecret || isArgument)
        }
    }

    /// `-c`, `-lc`
    private static func takesScript(_ option: String) -> Bool {
        option.hasPrefix("-") && option.hasSuffix("c") && option.utf8.dropFirst().allSatisfy { $0.isIn(.letter) }
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
