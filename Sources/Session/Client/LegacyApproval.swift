import JSON

/// The shape in which the mission's clients receive questions: codex's older `execCommandApproval` and
/// `applyPatchApproval`, whose members are in snake case.
enum LegacyApproval {
    /// nil for questions that the older protocol lacks; they keep codex's shape.
    static func request(_ approval: Approval) -> (method: String, params: JSONValue)? {
        let params = approval.params
        var legacy: JSONObject = [
            "conversation_id": params["threadId"] ?? .null, "call_id": params["itemId"] ?? .null,
            "reason": params["reason"] ?? .null,
        ]
        legacy["sre"] = params["sre"]
        switch approval.method {
        case "item/commandExecution/requestApproval":
            legacy["command"] = params["command"]?.stringValue.map { .string(ShellWords.unwrapped($0)) } ?? .null
            legacy["cwd"] = params["cwd"] ?? .null
            for (member, name) in beyondOlder {
                if let value = params[member], !value.isNull { legacy[name] = value }
            }
            return ("execCommandApproval", .object(legacy))
        case "item/fileChange/requestApproval":
            legacy["file_changes"] = .object(fileChanges(approval.changes))
            legacy["grant_root"] = params["grantRoot"] ?? .null
            return ("applyPatchApproval", .object(legacy))
        default: return nil
        }
    }

    /// Members of codex's question that widen what a yes permits, and that the older protocol lacks.
    private static let beyondOlder = [
        ("additionalPermissions", "additional_permissions"), ("networkApprovalContext", "network_approval_context"),
    ]

    /// `changes` are those of codex's `fileChange` item.
    private static func fileChanges(_ changes: JSONValue?) -> JSONObject {
        var byPath = JSONObject()
        for change in changes?.arrayValue ?? [] {
            guard let path = change["path"]?.stringValue, let type = change["kind"]?["type"] else { continue }
            var legacy: JSONObject = ["type": type]
            if type == "update" {
                legacy["unified_diff"] = change["diff"] ?? ""
                legacy["move_path"] = change["kind"]?["move_path"] ?? .null
            } else {
                legacy["content"] = change["diff"] ?? ""
            }
            // What the older protocol cannot say: replaced or unreadable contents, and the targets of links.
            legacy["sre"] = change["sre"]
            byPath[path] = .object(legacy)
        }
        return byPath
    }
}
