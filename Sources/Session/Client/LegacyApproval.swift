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
            return ("execCommandApproval", .object(legacy))
        case "item/fileChange/requestApproval":
            legacy["file_changes"] = .object(fileChanges(approval))
            legacy["grant_root"] = params["grantRoot"] ?? .null
            return ("applyPatchApproval", .object(legacy))
        default: return nil
        }
    }

    private static func fileChanges(_ approval: Approval) -> JSONObject {
        guard let input = approval.hookInput, case .patch(let changes) = HookQuestion(input) else {
            return JSONObject()
        }
        return JSONObject(
            changes.map { change in
                switch change.kind {
                case .add: (change.path, ["type": "add", "content": .string(change.diff)])
                case .delete: (change.path, ["type": "delete", "content": ""])
                case .update(let movePath):
                    (
                        change.path,
                        [
                            "type": "update", "unified_diff": .string(change.diff),
                            "move_path": movePath.map { .string($0) } ?? .null,
                        ]
                    )
                }
            })
    }
}
