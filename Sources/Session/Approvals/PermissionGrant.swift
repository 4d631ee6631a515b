import JSON

/// The permissions granted by an answer to `item/permissions/requestApproval`, checked against what the agent asked
/// for. A person may grant all of it or less, but nothing that the question did not show.
struct PermissionGrant {
    private let permissions: JSONValue
    private let scope: JSONValue

    init(_ result: JSONValue) {
        permissions = result["permissions"] ?? .null
        scope = result["scope"] ?? .null
    }

    /// codex also accepts a list in place of an object, and an object in place of a word. A lookup by name here would
    /// miss what codex reads there.
    var isReadable: Bool {
        let members = [permissions, permissions["fileSystem"] ?? .null, permissions["network"] ?? .null]
        return members.allSatisfy { $0.isNull || $0.objectValue != nil } && [.null, "turn", "session"].contains(scope)
    }

    /// The first permission that is granted but was not asked for, in words.
    func unasked(in params: JSONValue) -> String? {
        let asked = Self.entries(of: params["permissions"]?["fileSystem"])
        for entry in Self.entries(of: permissions["fileSystem"]) where !entry.isDenial {
            guard asked.contains(where: { $0.path == entry.path && $0.covers(entry) }) else { return entry.words }
        }
        return nil
    }

    /// Does it deny paths that the question did not name?
    func hasOwnDenials(in params: JSONValue) -> Bool {
        let asked = Self.entries(of: params["permissions"]?["fileSystem"])
        return Self.entries(of: permissions["fileSystem"]).contains { entry in
            entry.isDenial && !asked.contains { $0.path == entry.path }
        }
    }

    private struct Entry {
        let access: JSONValue
        let path: JSONValue

        var isDenial: Bool { access == "deny" }
        var words: String { "\(access.stringValue ?? "\(access)") \(path["path"]?.stringValue ?? "\(path)")" }

        /// Write access includes read access.
        func covers(_ other: Entry) -> Bool { access == other.access || access == "write" && other.access == "read" }
    }

    /// codex accepts two spellings.
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
