import Agent
import Glibc
import Logging
import Settings

/// The programs that the agent's user starts, and its account.
struct AgentPrograms {
    let account: AgentAccount
    /// The paths of codex and of the gate's program.
    let codex: String
    let gate: String

    /// Prepares the files that the agent's user needs. Throws ``Failure``, or an exit code after printing the error.
    init(_ settings: Settings, codex: String, logger: Logger) throws {
        do {
            account = try AgentAccount(settings)
        } catch {
            throw error.exit()
        }
        if account.isRoot {
            logger.warning(
                "AGENT_USER=root: codex and every approved command run as root. Commands can change kernel settings below /proc/sys from inside the sandbox, read-only threads included"
            )
        }
        if let user = account.user { try AgentPlaces(settings: settings, user: user, logger: logger).prepare() }
        self.codex = try Self.reachable(codex, for: account.user, as: "codex")
        self.gate = try Self.reachable(ExecutablePaths.gate, for: account.user, as: "gate")
    }

    private static func reachable(_ program: String, for user: AgentUser?, as name: String) throws -> String {
        guard let user, !user.may(X_OK, program) else { return program }
        // codex finds its companion files by its own path.
        let path = FileTree.realPath(program) ?? program
        let parts = path.split(separator: "/")
        let up = name == "codex" ? 2 : 1
        guard parts.count > up else { return program }
        let directory = "/" + parts.dropLast(up).joined(separator: "/")
        // Copy only the published runtime, never a directory with other content.
        guard name != "codex" || FileTree.realPath("\(directory)/codex-resources") != nil else {
            throw Failure(
                "uid \(user.uid), which the agent runs as, cannot reach \(path). Put codex where every user can, or name another user as AGENT_USER."
            )
        }
        let copy =
            name == "codex"
            ? try AgentPlaces.reachable(directory, for: user, as: name)
            : try AgentPlaces.reachable(file: path, as: name)
        return "\(copy)/\(parts.suffix(up).joined(separator: "/"))"
    }
}
