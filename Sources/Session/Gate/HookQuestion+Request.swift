import CodexProtocol
import JSON

/// The gate's questions in codex's own types, so that every codex client understands them.
extension HookQuestion {
    func request(about input: HookInput, askedAt: Milliseconds, expiresAt: Milliseconds?)
        -> (method: String, params: JSONValue)
    {
        var about: JSONObject = ["asks": "command"]
        if let child = input.subAgentThreadID {
            about["subAgentOf"] = .string(input.threadID)
            about["subAgentThreadId"] = .string(child)
        }
        about["expiresAt"] = expiresAt.map { .number(JSONNumber($0)) }
        if input.directory == .unknown { about["directory"] = "unknown" }
        if case .command(let command) = self { about["command"] = .string(command) }
        let members: JSONObject = ["sre": .object(about)]
        switch self {
        case .patch:
            let params = FileChangeRequestApprovalParams(
                itemId: input.toolUseID, startedAtMs: askedAt, threadId: input.threadID, turnId: input.turnID,
                additionalMembers: members)
            return (ServerRequest.Method.itemFileChangeRequestApproval.rawValue, params.json)
        case .command, .harmless:
            let text: String = if case .command(let command) = self { command } else { input.toolName }
            let params = CommandExecutionRequestApprovalParams(
                availableDecisions: input.directory == .unknown
                    ? [.accept, .decline, .cancel] : [.accept, .acceptForSession, .decline, .cancel],
                command: input.toolName == "Bash" ? ShellWords.wrapped(text) : text,
                commandActions: [.unknown(.init(command: text))],
                cwd: input.directory.path ?? input.cwd, itemId: input.toolUseID,
                kind: .command, startedAtMs: askedAt, threadId: input.threadID, turnId: input.turnID,
                additionalMembers: members)
            return (ServerRequest.Method.itemCommandExecutionRequestApproval.rawValue, params.json)
        }
    }

    /// codex sends a patch's item only after its hook, when it is too late to show the diff: nil but for patches.
    func itemStarted(for input: HookInput, at now: Milliseconds) -> JSONValue? {
        item(input, .inProgress).map {
            ItemStartedNotification(item: $0, startedAtMs: now, threadId: input.threadID, turnId: input.turnID).json
        }
    }

    func itemDeclined(for input: HookInput, at now: Milliseconds) -> JSONValue? {
        item(input, .declined).map {
            ItemCompletedNotification(completedAtMs: now, item: $0, threadId: input.threadID, turnId: input.turnID).json
        }
    }

    private func item(_ input: HookInput, _ status: PatchApplyStatus) -> ThreadItem? {
        guard case .patch(let changes) = self else { return nil }
        return .fileChange(
            .init(changes: changes.map { $0.update(in: input.directory.path) }, id: input.toolUseID, status: status))
    }
}

extension Patch.Change {
    /// `cwd` nil leaves relative paths as they are: nobody can tell where they lead.
    fileprivate func update(in cwd: String?) -> FileUpdateChange {
        let kind: PatchChangeKind =
            switch kind {
            case .add: .add()
            case .delete: .delete()
            case .update(let movePath?): .update(.init(movePath: absolute(movePath, cwd)))
            case .update(nil): .update(.init(additionalMembers: ["move_path": nil]))  // codex says it, too
            }
        return FileUpdateChange(diff: diff, kind: kind, path: absolute(path, cwd))
    }

    private func absolute(_ path: String, _ cwd: String?) -> String {
        guard let cwd, !path.hasPrefix("/") else { return path }
        return "\(cwd)/\(path)"
    }
}
