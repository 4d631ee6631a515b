import JSON

/// One JSON Schema (draft-07), limited to the keywords that codex uses.
struct Schema {
    /// The schema's location, for error messages: `Thread.turns.items`.
    let path: String
    private let keywords: JSONObject

    /// `minimum` and `minLength` only narrow a type; codex checks them. `description` is not carried over.
    private static let understood: Set<String> = [
        "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "default", "description", "enum", "format",
        "items",
        "minLength", "minimum", "oneOf", "properties", "required", "title", "type",
    ]

    init(_ json: JSONValue, path: String) throws {
        self.path = path
        switch json {
        case .bool(true): keywords = JSONObject()
        case .object(let object): keywords = object
        default: throw GeneratorError("\(path): not a schema")
        }
        for key in keywords.keys where !Self.understood.contains(key) {
            throw GeneratorError("\(path): the keyword \(key) is not understood")
        }
    }

    var title: String? { keywords["title"]?.stringValue }
    var format: String? { keywords["format"]?.stringValue }
    var required: Set<String> { Set((keywords["required"]?.arrayValue ?? []).compactMap(\.stringValue)) }

    /// codex's value for an omitted member; nil if that is null.
    var defaultValue: JSONValue? {
        guard let value = keywords["default"], value != .null else { return nil }
        return value
    }

    /// The allowed types, without `null`.
    var types: [String] { allTypes.filter { $0 != "null" } }
    var allowsNull: Bool { allTypes.contains("null") }

    private var allTypes: [String] {
        switch keywords["type"] {
        case .string(let type): [type]
        case .array(let types): types.compactMap(\.stringValue)
        default: []
        }
    }

    /// The name of the definition that `$ref` points to. Definitions are on two levels, but their names are unique.
    var reference: String? {
        keywords["$ref"]?.stringValue?.split(separator: "/").last.map(String.init)
    }

    var enumeration: [String]? {
        get throws {
            guard let values = keywords["enum"]?.arrayValue else { return nil }
            return try values.map { value in
                guard let text = value.stringValue else { throw GeneratorError("\(path): enum of other than strings") }
                return text
            }
        }
    }

    /// The properties by name, sorted.
    var properties: [(name: String, schema: Schema)] {
        get throws {
            let members = keywords["properties"]?.objectValue?.members ?? []
            return try members.sorted { $0.key < $1.key }
                .map { ($0.key, try Schema($0.value, path: "\(path).\($0.key)")) }
        }
    }

    var items: Schema? { get throws { try subschema("items") } }

    /// The schema of members not in `properties`; nil if there is none or if it only forbids them.
    var additionalProperties: Schema? {
        get throws { keywords["additionalProperties"] == .bool(false) ? nil : try subschema("additionalProperties") }
    }

    /// The alternatives of `oneOf` or `anyOf`. codex uses both for the same kind of union.
    var alternatives: [Schema] {
        get throws {
            let lists = ["oneOf", "anyOf"].compactMap { keywords[$0]?.arrayValue }
            guard lists.count < 2 else { throw GeneratorError("\(path): both oneOf and anyOf") }
            return try subschemas(lists.first ?? [])
        }
    }

    /// The schema with only its own properties.
    var withoutAlternatives: Schema {
        get throws {
            var own = keywords
            for key in ["oneOf", "anyOf"] { own[key] = nil }
            return try Schema(.object(own), path: path)
        }
    }

    var allOf: [Schema] { get throws { try subschemas(keywords["allOf"]?.arrayValue ?? []) } }

    private func subschema(_ key: String) throws -> Schema? {
        try keywords[key].map { try Schema($0, path: "\(path).\(key)") }
    }

    private func subschemas(_ list: [JSONValue]) throws -> [Schema] {
        try list.enumerated().map { try Schema($1, path: "\(path)[\($0)]") }
    }
}
