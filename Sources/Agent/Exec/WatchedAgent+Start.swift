import ExecGrants
import Glibc

/// Judges programs that start before `CODEX_BIN` has become codex. The administrator's own programs may start, within
/// narrow limits, so that the process that keeps running is always codex under its gate.
extension WatchedAgent {
    static let start = ExecGate.Admission.listed(name: "CODEX_BIN's script", .any)

    func judgeStart(_ call: ExecCall?, _ process: ProcessID, of thread: pid_t, parent: pid_t) -> ExecGate.Verdict {
        guard let call else {
            return refuse(nil, "CODEX_BIN starts a program in a way that cannot be read (not by execve(2))")
        }
        let given = AgentExecutable.absolute(call.path, of: thread)
        let path = FileTree.realPath(given) ?? given
        switch purpose {
        case .identify: follow(path, process, parent: parent)
        case .serve(let chain, _, _):
            if process != tree.agent {
                // Only the server passes `app-server`, so a process with that argument is meant to be the agent.
                guard !call.arguments.contains("app-server") else {
                    return refuse(
                        call,
                        "CODEX_BIN \(chain.programs[0]) starts \(path) as a child, where it must become codex: end it with exec, or set CODEX_BIN to codex itself"
                    )
                }
            } else if tree.executable.isCodex(path) {
                turnOn()
            } else if !tree.executable.isBefore(path) {
                return refuse(
                    call,
                    "CODEX_BIN \(chain.programs[0]) becomes \(path), and became \(chain.codex) when it was asked for its version: it must start the same program whatever its arguments are"
                )
            }
        }
        return .admit(Self.start)
    }

    private func follow(_ path: String, _ process: ProcessID, parent: pid_t) {
        if process == tree.agent {
            state.follow { $0.becomes(path, isScript: AgentExecutable.isScript(path)) }
        } else if parent == tree.agent.pid {
            state.follow { $0.starts(child: path) }
        }
    }

    private func refuse(_ call: ExecCall?, _ reason: String) -> ExecGate.Verdict {
        state.failed("\(reason).")
        return .refuse(
            .init(threadID: nil, callID: nil, command: call?.description ?? "a program of CODEX_BIN's", reason: reason))
    }
}
