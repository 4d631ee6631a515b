import JSON

/// Corrects the JSON Schema where it differs from codex's messages, as seen in traffic and in `generate-ts` output.
enum SchemaCorrections {
    /// Unions whose members codex writes in camel case, although the schema has them in snake case.
    private static let camelCased: Set<String> = ["ThreadRealtimeItem", "ThreadTimelineEntry"]

    /// A correction without a match is an error: codex has fixed its schema, and the entry must be removed.
    static func apply(to definitions: inout [String: JSONValue]) throws {
        for name in camelCased.sorted() {
            let definition = definitions[name] ?? .null
            let corrected = camelCased(definition)
            guard corrected != definition else { throw GeneratorError("\(name) needs no correction any more") }
            definitions[name] = corrected
        }
    }

    /// The schema with the keys of `properties` and the entries of `required` in camel case, at every level.
    private static func camelCased(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let elements): return .array(elements.map(camelCased))
        case .object(let object):
            let members = object.members.map { key, value in
                switch (key, value) {
                case ("properties", .object(let properties)):
                    let renamed = properties.members.map { (Naming.memberName($0.key), $0.value) }
                    return (key, JSONValue.object(JSONObject(renamed)))
                case ("required", .array(let names)):
                    return (key, JSONValue.array(names.map { .string(Naming.memberName($0.stringValue ?? "")) }))
                default: return (key, camelCased(value))
                }
            }
            return .object(JSONObject(members))
        default: return schema
        }
    }
}
