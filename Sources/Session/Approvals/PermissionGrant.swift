import JSON

/// The permissions granted by an answer to `item/permissions/requestApproval`, checked against what the agent asked
/// for. A person may grant all of it or less, but nothing that the question did not show.
struct PermissionGrant {
    private let permissions: JSONValue
    private let scope: JSONValue
    private let review: JSONValue

    init(_ result: JSONValue) {
        permissions = result["permissions"] ?? .null
        scope = result["scope"] ?? .null
        review = result["strictAutoReview"] ?? .null
    }

    /// Would codex let a model answer its later questions of this turn, in place of a person?
    var leavesAnswersToModel: Bool { review != .null && review != false }

    var isForSession: Bool { scope == "session" }

    /// What the agent gets: members that are checked here, and no others.
    var forwarded: JSONValue {
        var result: JSONObject = ["permissions": permissions]
        if !scope.isNull { result["scope"] = scope }
        return .object(result)
    }

    /// codex also accepts a list in place of an object, and an object in place of a word. A lookup by name here would
    /// miss what codex reads there.
    var isReadable: Bool {
        let members = [permissions, permissions["fileSystem"] ?? .null, permissions["network"] ?? .null]
        return members.allSatisfy { $0.isNull || $0.objectValue != nil } && [.null, "turn", "session"].contains(scope)
    }

    /// The first permission that is granted but was not asked for, in words.
    func unasked(in params: JSONValue) -> String? {
        let all = params["permissions"] ?? .null
        let asked = Self.entries(of: all["fileSystem"])
        for entry in Self.entries(of: permissions["fileSystem"]) where !entry.isDenial {
            guard asked.contains(where: { $0.path == entry.path && $0.covers(entry) }) else { return entry.words }
        }
        if opensNetwork, all["network"]?["enabled"] != true { return "the network" }
        return unasked(permissions, all, except: ["fileSystem", "network"])
            ?? unasked(permissions["fileSystem"], all["fileSystem"], except: ["read", "write", "entries"])
            ?? unasked(permissions["network"], all["network"], except: ["enabled"])
    }

    /// Anything but a no counts.
    var opensNetwork: Bool {
        guard let network = permissions["network"], !network.isNull else { return false }
        return network["enabled"] != false
    }

    /// Everything that it permits.
    var granted: Set<JSONValue> {
        let entries = Self.entries(of: permissions["fileSystem"]).filter { !$0.isDenial }
        return Set(entries.map { [$0.access, $0.path] as JSONValue } + (opensNetwork ? ["network"] : []))
    }

    var concernsFiles: Bool { !(permissions["fileSystem"]?.isNull ?? true) }

    /// The first member, besides those that are checked by their meaning, that the question does not have.
    private func unasked(_ granted: JSONValue?, _ asked: JSONValue?, except known: Set<String>) -> String? {
        granted?.objectValue?.members.first { name, value in
            !known.contains(name) && !value.isNull && asked?[name] != value
        }?.key
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
