import JSON

/// The gate's questions in the words of codex's own protocol, so that every codex client understands them.
extension HookQuestion {
    func request(about input: HookInput, askedAt: Milliseconds, expiresAt: Milliseconds?)
        -> (method: String, params: JSONValue)
    {
        var params: JSONObject = [
            "threadId": .string(input.threadID), "turnId": .string(input.turnID),
            "itemId": .string(input.toolUseID), "startedAtMs": .number(JSONNumber(askedAt)), "reason": nil,
        ]
        var about: JSONObject = ["asks": "command"]
        about["subAgentOf"] = input.subAgentThreadID.map { _ in .string(input.threadID) }
        about["subAgentThreadId"] = input.subAgentThreadID.map { .string($0) }
        about["expiresAt"] = expiresAt.map { .number(JSONNumber($0)) }
        switch self {
        case .patch:
            params["grantRoot"] = .null
            params["sre"] = .object(about)
            return ("item/fileChange/requestApproval", .object(params))
        case .command, .harmless:
            let text: String = if case .command(let command) = self { command } else { input.toolName }
            params["kind"] = "command"
            params["approvalId"] = .null
            params["environmentId"] = .null
            params["command"] = .string(text)
            params["cwd"] = .string(input.cwd)
            params["commandActions"] = [["type": "unknown", "command": .string(text)]]
            params["proposedExecpolicyAmendment"] = .null
            params["availableDecisions"] = ["accept", "acceptForSession", "decline", "cancel"]
            params["sre"] = .object(about)
            return ("item/commandExecution/requestApproval", .object(params))
        }
    }

    /// codex sends a patch's item only after its hook, when it is too late to show the diff: nil but for patches.
    func itemStarted(for input: HookInput, at now: Milliseconds) -> JSONValue? {
        guard let item = item(input, status: "inProgress") else { return nil }
        return [
            "item": item, "threadId": .string(input.threadID), "turnId": .string(input.turnID),
            "startedAtMs": .number(JSONNumber(now)),
        ]
    }

    func itemDeclined(for input: HookInput) -> JSONValue? {
        guard let item = item(input, status: "declined") else { return nil }
        return ["item": item, "threadId": .string(input.threadID), "turnId": .string(input.turnID)]
    }

    private func item(_ input: HookInput, status: String) -> JSONValue? {
        guard case .patch(let changes) = self else { return nil }
        return [
            "type": "fileChange", "id": .string(input.toolUseID), "status": .string(status),
            "changes": .array(changes.map { $0.json(in: input.cwd) }),
        ]
    }
}

extension Patch.Change {
    fileprivate func json(in cwd: String) -> JSONValue {
        let kindJSON: JSONValue =
            switch kind {
            case .add: ["type": "add"]
            case .delete: ["type": "delete"]
            case .update(let movePath): ["type": "update", "move_path": movePath.map { .string($0) } ?? .null]
            }
        let absolute = path.hasPrefix("/") ? path : "\(cwd)/\(path)"
        return ["path": .string(absolute), "kind": kindJSON, "diff": .string(diff)]
    }
}
