import ExecGrants
import JSON

/// What codex may start once a question has been answered with yes.
extension HookQuestion {
    /// codex names a sub-agent's own thread in what it starts.
    func startGrants(
        for input: HookInput, in sandbox: SandboxMode, mayUseNetwork: Bool, _ confinement: Confinement
    ) -> [StartGrant] {
        let threadID = input.subAgentThreadID ?? input.threadID
        switch self {
        case .harmless: return []
        case .patch: return Self.patchGrant(input, confinement).map { [.patch($0)] } ?? []
        case .command(let text) where input.toolName == "Bash":
            let command = CommandGrant(
                threadID: threadID, callID: input.toolUseID, turnID: input.turnID,
                program: .script(text, shells: input.shells),
                directory: input.directory.path, width: sandbox.startWidth, mayUseNetwork: mayUseNetwork,
                mayLeaveSandbox: false, confinement: confinement)
            return [.command(command)] + (Self.patchGrant(input, confinement).map { [.patch($0)] } ?? [])
        case .command:
            if input.toolName == "view_image", let path = input.toolInput["path"]?.stringValue {
                return [
                    .look(
                        LookGrant(
                            threadID: threadID, turnID: input.turnID,
                            path: CommandDirectory.resolved(path, in: input.cwd), confinement: confinement.ofFiles))
                ]
            }
            guard input.toolServer != nil else { return [] }
            return [
                .tool(
                    ToolGrant(
                        threadID: threadID, callID: input.toolUseID, turnID: input.turnID, name: input.toolName,
                        arguments: input.toolInput))
            ]
        }
    }

    /// What codex's file helper may do for a call that codex treats as a patch.
    private static func patchGrant(_ input: HookInput, _ confinement: Confinement) -> PatchGrant? {
        guard let call = PatchCall(input) else { return nil }
        var files: [PatchGrant.File] = []
        for change in call.changes {
            func path(_ path: String) -> String { call.absolute(path) ?? path }
            let kind: PatchGrant.File.Change
            switch change.kind {
            case .add: kind = .add(content: change.addedContent)
            case .delete: kind = .delete
            case .update(let movedTo):
                guard let update = FileUpdate(diff: change.diff) else { return nil }
                kind = .update(update, movedTo: movedTo.map(path))
            }
            let isOfLines = if case .update(nil) = change.kind { true } else { false }
            files.append(
                .init(
                    path: path(change.path), change: kind,
                    target: input.patchedFiles[path(change.place)]?.target,
                    place: input.patchedFiles[path(change.path)]?.place,
                    stamp: isOfLines ? nil : input.patchedFiles[path(change.place)]?.stamp))
        }
        var grant = PatchGrant(
            threadID: input.subAgentThreadID ?? input.threadID, turnID: input.turnID, callID: input.toolUseID,
            files: files)
        grant.confinement = confinement.ofFiles
        return grant
    }
}

extension Patch.Change {
    /// codex treats a carriage return at the end of a line as part of the line ending, and does not write it.
    fileprivate var addedContent: [UInt8] {
        var content: [UInt8] = []
        for byte in diff.utf8 {
            if byte == 0x0A, content.last == 0x0D { content.removeLast() }
            content.append(byte)
        }
        return content
    }
}

extension Confinement {
    /// A file helper gets absolute paths, so its working directory does not matter.
    fileprivate var ofFiles: Confinement { Confinement(directory: nil, writable: writable) }
}

extension SandboxMode {
    var startWidth: SandboxWidth {
        switch self {
        case .readOnly: .readOnly
        case .workspaceWrite: .workspaceWrite
        case .dangerFullAccess: .everything
        }
    }
}
