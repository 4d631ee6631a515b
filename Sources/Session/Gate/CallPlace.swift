import ExecGate
import JSON

/// Where a tool call really runs: the paths that codex names, with the links that counted when the thread was opened and the
/// question was asked. The gate looks at what starts, so a link that leads elsewhere since then stops it.
struct CallPlace: Sendable, Hashable {
    /// Nil when nobody can tell.
    let directory: String?
    /// The directories that the thread may write.
    let roots: [String]

    init(directory: String?, roots: [String]) {
        self.directory = directory
        self.roots = roots
    }

    /// What the kernel is told. `more`: what a person has granted besides.
    func confinement(_ sandbox: SandboxMode, more: [String]) -> Confinement {
        switch sandbox {
        case .readOnly: Confinement(directory: directory, writable: more)
        case .workspaceWrite: Confinement(directory: directory, writable: roots + more)
        case .dangerFullAccess: Confinement(directory: directory, writable: nil)
        }
    }
}
