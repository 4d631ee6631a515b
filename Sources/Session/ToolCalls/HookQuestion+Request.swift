import CodexProtocol
import ExecGrants
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
        let isShell = input.toolName == "Bash"
        if case .command = self, !isShell, input.toolName != "apply_patch" { about["tool"] = Self.tool(input) }
        if isShell, input.shells != CommandGrant.Shell.codexDefaults { about["shell"] = Self.shell(input.shells) }
        if isShell, let more = input.arguments?.members.filter({ !Self.shown.contains($0.key) }), !more.isEmpty {
            about["arguments"] = .object(JSONObject(more))
        }
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
                availableDecisions: input.isKnownWhole
                    ? [.accept, .acceptForSession, .decline, .cancel] : [.accept, .decline, .cancel],
                command: isShell ? ShellWords.wrapped(text, in: input.shells) : text,
                commandActions: [.unknown(.init(command: text))],
                cwd: input.directory.path, itemId: input.toolUseID,
                kind: .command, startedAtMs: askedAt, threadId: input.threadID, turnId: input.turnID,
                additionalMembers: members)
            return (ServerRequest.Method.itemCommandExecutionRequestApproval.rawValue, params.json)
        }
    }

    /// A call of a tool other than the shell: its parts, for clients that show them apart. `command` has the same as text.
    private static func tool(_ input: HookInput) -> JSONValue {
        let server = input.toolServer
        let name = server.map { input.toolName.dropFirst("mcp__\($0)__".count) } ?? input.toolName[...]
        return [
            "server": server.map { .string($0) } ?? .null, "name": .string(String(name)),
            "arguments": input.toolInput,
        ]
    }

    /// Arguments shown elsewhere: `sandbox_permissions` in codex's own second question.
    private static let shown: Set<String> = ["shell", "login", "sandbox_permissions", "prefix_rule"]

    /// A shell other than codex's default. If codex falls back to a second shell when the first is missing, both are
    /// named.
    private static func shell(_ shells: [CommandGrant.Shell]) -> JSONValue {
        var names: [String] = []
        for shell in shells {
            let name = shell.path.split(separator: "/").last.map(String.init) ?? shell.path
            if !names.contains(name) { names.append(name) }
        }
        return ["names": .array(names.map { .string($0) }), "login": .bool(shells.first?.isLogin ?? true)]
    }

    /// codex sends a patch's item only after its hook, too late to show the diff. nil for anything but patches.
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
    /// With `cwd` nil, relative paths stay as they are, because their target is unknown.
    fileprivate func update(in cwd: String?) -> FileUpdateChange {
        let kind: PatchChangeKind =
            switch kind {
            case .add: .add()
            case .delete: .delete()
            case .update(let movePath?): .update(.init(movePath: absolute(movePath, cwd)))
            case .update(nil): .update(.init(additionalMembers: ["move_path": nil]))  // codex sends it too
            }
        var sre: JSONObject = [:]
        sre["hidden"] = hidden?.json
        switch replaced {
        case .text(let text): sre["replaces"] = .string(text)
        case .hidden(let hidden): sre["hidden"] = hidden.json
        case nil: break
        }
        sre["leadsTo"] = leadsTo.map { .string($0) }
        if case .update = self.kind {
            sre["hunks"] = .array(
                places.map { place in
                    place.map { .array([.number(JSONNumber(Int64($0.before))), .number(JSONNumber(Int64($0.after)))]) }
                        ?? .null
                })
        }
        let members: JSONObject = sre.isEmpty ? [:] : ["sre": .object(sre)]
        return FileUpdateChange(diff: diff, kind: kind, path: absolute(path, cwd), additionalMembers: members)
    }

    private func absolute(_ path: String, _ cwd: String?) -> String {
        guard let cwd, !path.hasPrefix("/") else { return path }
        return "\(cwd)/\(path)"
    }
}

extension Patch.HiddenContent {
    fileprivate var json: JSONValue {
        switch self {
        case .binary(let bytes): ["why": "binary", "bytes": .number(JSONNumber(Int64(bytes)))]
        case .tooLong(let bytes): ["why": "tooLong", "bytes": .number(JSONNumber(Int64(bytes)))]
        case .unreadable: ["why": "unreadable"]
        }
    }
}
