import JSON

/// The patch that a tool call makes, where codex takes the call for one.
struct PatchCall {
    let changes: [Patch.Change]
    /// Absolute: where relative paths lead. Nil when nobody can tell.
    let directory: String?

    /// Nil for a call that is no patch, or one that cannot be read.
    init?(_ input: HookInput) {
        let patch: Patch
        switch input.toolName {
        case "Bash":
            guard let command = input.toolInput["command"]?.stringValue, let found = Patch.command(command) else {
                return nil
            }
            patch = found.patch
            let above = input.directory.path
            directory =
                found.directory.map { path in
                    path.hasPrefix("/") || above != nil ? CommandDirectory.resolved(path, in: above ?? "/") : nil
                } ?? above
        case "apply_patch":
            patch = Patch(text: HookQuestion.patchText(of: input))
            directory = input.directory.path
        default: return nil
        }
        guard let changes = try? patch.changes() else { return nil }
        self.changes = changes
    }

    /// Absolute and without `.` and `..`; nil when nobody can tell.
    func absolute(_ path: String) -> String? {
        path.hasPrefix("/") || directory != nil ? CommandDirectory.resolved(path, in: directory ?? "/") : nil
    }
}

extension Patch.Change {
    var movedTo: String? { if case .update(let path?) = kind { path } else { nil } }

    /// Where what is written goes.
    var place: String { movedTo ?? path }
}
