import JSON

/// The patch that a tool call makes, if codex treats the call as a patch.
struct PatchCall {
    let changes: [Patch.Change]
    /// The absolute directory that relative paths start from. nil if it cannot be determined.
    let directory: String?

    /// nil for a call that is not a patch, or that cannot be parsed.
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

    /// Absolute and without `.` and `..`; nil if it cannot be determined.
    func absolute(_ path: String) -> String? {
        path.hasPrefix("/") || directory != nil ? CommandDirectory.resolved(path, in: directory ?? "/") : nil
    }
}

extension Patch.Change {
    var movedTo: String? { if case .update(let path?) = kind { path } else { nil } }

    /// The path that the change writes to.
    var place: String { movedTo ?? path }
}
