/// Swift names for protocol names.
enum Naming {
    /// `thread/start` becomes `ThreadStart`.
    static func typeName(_ wire: String) -> String {
        identifier(words(wire).map(capitalized).joined())
    }

    /// `text_elements` becomes `textElements`, `DISABLED_BY_ADMIN` becomes `disabledByAdmin`.
    static func memberName(_ wire: String) -> String {
        let words = words(wire)
        guard let first = words.first else { return "empty" }
        return identifier(decapitalized(first) + words.dropFirst().map(capitalized).joined())
    }

    /// Distinct case names for `values`: where two would be the same, their separators are spelt out
    /// (`openai/form` and `openaiForm` become `openaiSlashForm` and `openaiForm`).
    static func caseNames(_ values: [String], in path: String) throws -> [String] {
        let short = values.map(memberName)
        let names = zip(values, short).map { value, name in
            short.count { $0 == name } == 1 ? name : memberName(spellingSeparators(value))
        }
        guard Set(names).count == names.count else { throw GeneratorError("\(path): cases of one name in \(names)") }
        return names
    }

    /// The nested type of a case's payload. Names that the emitted code uses otherwise get the suffix `Payload`.
    static func payloadName(_ caseName: String) -> String {
        let name = capitalized(caseName)
        return taken.contains(name) ? name + "Payload" : name
    }

    /// The name in source code, in backticks if it is a keyword.
    static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    /// The words of a Swift type name: `JSONRPCMessage` has `JSONRPC` and `Message`, `GatewayOAuth` has `Gateway` and
    /// `OAuth`.
    static func camelWords(_ name: String) -> [String] {
        let characters = Array(name)
        var words: [String] = []
        for (index, character) in characters.enumerated() {
            let afterLower = index > 0 && !characters[index - 1].isUppercase
            let beforeLower = index + 1 < characters.count && characters[index + 1].isLowercase
            let isStart = character.isUppercase && (afterLower || beforeLower) && words.last?.count != 1
            if isStart || words.isEmpty { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }

    static func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// Lowercases a leading acronym as a whole: `JSONValue` becomes `jsonValue`.
    static func decapitalized(_ word: String) -> String {
        let run = word.prefix { $0.isUppercase }
        if run.count <= 1 || run.count == word.count { return run.lowercased() + word.dropFirst(run.count) }
        return run.dropLast().lowercased() + word.dropFirst(run.count - 1)
    }

    private static func words(_ wire: String) -> [String] {
        let shouted = !wire.contains { $0.isLowercase }
        return wire.split { !$0.isLetter && !$0.isNumber }.map { shouted ? $0.lowercased() : String($0) }
    }

    private static func identifier(_ name: String) -> String {
        name.first?.isNumber == true ? "_" + name : name
    }

    private static func spellingSeparators(_ value: String) -> String {
        let spelt: [Character: String] = [
            "/": " Slash ", "-": " Dash ", "_": " Underscore ", ".": " Dot ", ":": " Colon ",
        ]
        return value.map { spelt[$0] ?? String($0) }.joined()
    }

    private static let taken: Set<String> = [
        "Array", "Bool", "Dictionary", "Int32", "Int64", "JSONNumber", "JSONObject", "JSONValue", "MemberReader",
        "Optional",
        "ProtocolError", "ProtocolObject", "ProtocolValue", "Protocol", "Self", "String", "Type", "UInt16", "UInt32",
        "UInt64", "UInt8", "Variant",
    ]

    private static let keywords: Set<String> = [
        "Any", "Self", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
        "deinit",
        "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import",
        "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol",
        "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw",
        "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
