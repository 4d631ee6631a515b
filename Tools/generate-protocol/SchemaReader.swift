import Foundation
import JSON

/// Reads the file in the schema directory that contains every definition.
struct SchemaReader {
    static let bundle = "codex_app_server_protocol.schemas.json"

    /// All definitions by name. codex nests those of version 2 in a definition called `v2`.
    static func definitions(in directory: URL) throws -> [String: Schema] {
        let bytes = try Data(contentsOf: directory.appending(path: bundle))
        guard let top = try JSONValue(parsing: [UInt8](bytes))["definitions"]?.objectValue else {
            throw GeneratorError("\(bundle) has no definitions")
        }
        var found: [String: JSONValue] = [:]
        let nested = top["v2"]?.objectValue?.members ?? []
        for (name, definition) in top.members.filter({ $0.key != "v2" }) + nested {
            let bare = withoutEnvelope(definition)
            if let other = found[name], other != bare {
                throw GeneratorError("two different definitions are called \(name)")
            }
            found[name] = bare
        }
        try SchemaCorrections.apply(to: &found)
        var definitions: [String: Schema] = [:]
        for (name, json) in found { definitions[name] = try Schema(json, path: name) }
        return definitions
    }

    /// A definition that is also exported separately has `$schema` and `title`; its duplicate does not.
    private static func withoutEnvelope(_ definition: JSONValue) -> JSONValue {
        guard var object = definition.objectValue else { return definition }
        object["$schema"] = nil
        object["title"] = nil
        return .object(object)
    }
}
