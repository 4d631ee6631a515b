import ExecGate
import JSON

/// What codex may start when a question has been answered with yes.
extension HookQuestion {
    /// codex names a sub-agent's own thread in what it starts.
    func startGrants(for input: HookInput, in mode: ThreadMode, _ confinement: Confinement) -> [StartGrant] {
        let threadID = input.subAgentThreadID ?? input.threadID
        switch self {
        case .harmless: return []
        case .patch(let changes):
            return [.patch(Self.patchGrant(changes, input, in: input.directory.path, confinement))]
        case .command(let text) where input.toolName == "Bash":
            let command = CommandGrant(
                threadID: threadID, callID: input.toolUseID, turnID: input.turnID,
                program: .script(text, shells: input.shells),
                directory: input.directory.path, width: mode.sandbox.startWidth, mayUseNetwork: mode.hasNetwork,
                mayLeaveSandbox: false, confinement: confinement)
            guard let found = Patch.within(shellCommand: text), let changes = try? found.patch.changes() else {
                return [.command(command)]
            }
            let directory = input.directory.path.map { CommandDirectory.resolved(found.directory ?? "", in: $0) }
            return [
                .command(command), .patch(Self.patchGrant(changes, input, in: directory, confinement)),
            ]
        case .command:
            if input.toolName == "view_image", let path = input.toolInput["path"]?.stringValue {
                return [
                    .look(
                        LookGrant(
                            turnID: input.turnID, path: CommandDirectory.resolved(path, in: input.cwd),
                            confinement: confinement.ofFiles))
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

    /// `directory` nil: nobody can tell where relative paths lead.
    private static func patchGrant(
        _ changes: [Patch.Change], _ input: HookInput, in directory: String?, _ confinement: Confinement
    ) -> PatchGrant {
        var grant = PatchGrant(
            threadID: input.subAgentThreadID ?? input.threadID, turnID: input.turnID, callID: input.toolUseID,
            files: changes.map { change in
                func path(_ path: String) -> String {
                    path.hasPrefix("/") || directory != nil
                        ? CommandDirectory.resolved(path, in: directory ?? "/") : path
                }
                let kind: PatchGrant.File.Change =
                    switch change.kind {
                    case .add: .add(content: Array(change.diff.utf8))
                    case .delete: .delete
                    case .update(let movedTo):
                        .update(
                            old: change.lines(marked: "-"), new: change.lines(marked: "+"), movedTo: movedTo.map(path))
                    }
                let place: String = if case .update(let movedTo?) = change.kind { movedTo } else { change.path }
                return .init(
                    path: path(change.path), change: kind, target: input.patchedFiles[path(place)]?.target)
            })
        grant.confinement = confinement.ofFiles
        return grant
    }
}

extension Patch.Change {
    /// The lines of the hunks with this mark, and those of the context, without their first character.
    fileprivate func lines(marked mark: Character) -> Set<[UInt8]> {
        let marked = mark.asciiValue
        return Set(
            diff.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).compactMap { line in
                guard let first = line.first else { return [] }  // codex takes an empty line for an empty context line
                let text = line.dropFirst()
                guard first == marked || first == UInt8(ascii: " ") else { return nil }
                return Array(text.last == 0x0D ? text.dropLast() : text)
            })
    }
}

extension Confinement {
    /// A file helper is told absolute paths: it may stand anywhere.
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
