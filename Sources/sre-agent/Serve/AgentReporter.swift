import Agent
import AuditRecord
import JSON
import Logging
import Relay
import Session

/// Reports what happens to agents: in the log, in the record, to the sessions.
struct AgentReporter: AgentObserver {
    let hub: Hub
    let logger: Logger

    func agentChanged(to status: AgentStatus, version: String?, programs: [String]) {
        switch status {
        case .ready:
            logger.notice("agent is ready", metadata: ["version": "\(version ?? "unknown")"])
            for program in programs {
                logger.notice(
                    "codex's configuration starts this program without approval", metadata: ["program": "\(program)"])
            }
            hub.note(
                AuditEntry(
                    .agentStarted, at: 0,
                    details: [
                        "codexVersion": version.map { .string($0) } ?? .null,
                        "programs": .array(programs.map { .string($0) }),
                    ]))
            ProcessMemory.releaseStart()
        case .restarting(let reason), .failed(let reason):
            hub.note(AuditEntry(.agentEnded, at: 0, details: ["reason": .string(reason)]))
        case .starting, .stopped: break
        }
        // Each session reports restarts to its own client. Only an agent that fails to start is reported to all.
        guard case .failed(let reason) = status else { return }
        hub.notifyAllSessions("sre/agentStatus", ["state": "failed", "message": .string(reason)])
    }

    func threadsRefused(_ reason: String?) {
        if let reason {
            logger.warning("new threads are refused", metadata: ["reason": "\(reason)"])
        } else {
            logger.notice("new threads may be opened again")
        }
        hub.notifyAllSessions("sre/threadsRefused", ["message": reason.map { .string($0) } ?? .null])
    }

    func agentEnded(_ agent: AgentID) { hub.agentEnded(agent) }
}
