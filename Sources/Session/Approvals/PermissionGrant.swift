import JSON

/// What an answer to `item/permissions/requestApproval` grants, checked against what the agent asked for: a person
/// gives all of it, or less, but nothing that nobody was shown.
struct PermissionGrant {
    private let permissions: JSONValue
    private let scope: JSONValue

    init(_ result: JSONValue) {
        permissions = result["permissions"] ?? .null
        scope = result["scope"] ?? .null
    }

    /// codex also reads a list where an object is meant, and an object where a word is: what is looked up by name here
    /// would be missed there.
    var isReadable: Bool {
        let members = [permissions, permissions["fileSystem"] ?? .null, permissions["network"] ?? .null]
        return members.allSatisfy { $0.isNull || $0.objectValue != nil } && [.null, "turn", "session"].contains(scope)
    }

    /// The first that is granted and was not asked for, in words.
    func unasked(in params: JSONValue) -> String? {
        let asked = Self.entries(of: params["permissions"]?["fileSystem"])
        for entry in Self.entries(of: permissions["fileSystem"]) where !entry.isDenial {
            guard asked.contains(where: { $0.path == entry.path && $0.covers(entry) }) else { return entry.words }
        }
        return nil
    }

    private struct Entry {
        let access: JSONValue
        let path: JSONValue

        var isDenial: Bool { access == "deny" }
        var words: String { "\(access.stringValue ?? "\(access)") \(path["path"]?.stringValue ?? "\(path)")" }

        /// What may be written may be read too.
        func covers(_ other: Entry) -> Bool { access == other.access || access == "write" && other.access == "read" }
    }

    /// codex spells them in two ways, and reads both.
    private static func entries(of fileSystem: JSONValue?) -> [Entry] {
        func list(_ name: String) -> [JSONValue] { fileSystem?[name].map { $0.arrayValue ?? [$0] } ?? [] }
        let plain = ["read", "write"].flatMap { access in
            list(access).filter { !$0.isNull }.map { path in
                Entry(access: .string(access), path: ["type": "path", "path": path])
            }
        }
        let entries = list("entries").filter { !$0.isNull }
        return plain + entries.map { Entry(access: $0["access"] ?? .null, path: $0["path"] ?? .null) }
    }
}
