import ExecGrants
import JSON

/// Where a tool call really runs: the paths that codex names, with the links resolved as they were when the thread was
/// opened and the question was asked. The gate inspects what starts, so a link that has changed since then stops it.
struct CallPlace: Sendable, Hashable {
    /// nil if it cannot be determined.
    let directory: String?
    /// The directories that the thread may write to.
    let roots: [String]

    init(directory: String?, roots: [String]) {
        self.directory = directory
        self.roots = roots
    }

    /// The confinement that the kernel enforces. `more`: what a person has granted in addition.
    func confinement(_ sandbox: SandboxMode, more: [String]) -> Confinement {
        switch sandbox {
        case .readOnly: Confinement(directory: directory, writable: more)
        case .workspaceWrite: Confinement(directory: directory, writable: roots + more)
        case .dangerFullAccess: Confinement(directory: directory, writable: nil)
        }
    }
}
