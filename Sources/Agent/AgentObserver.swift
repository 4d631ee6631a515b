public import Session

/// Is told what happens to agents. Called on any thread, with no lock held.
public protocol AgentObserver: Sendable {
    /// The status has changed. `version` and `programs` are those of ``AgentSupervisor``.
    func agentChanged(to status: AgentStatus, version: String?, programs: [String])
    /// ``AgentSupervisor/threadsRefused`` has changed.
    func threadsRefused(_ reason: String?)
    /// A shared agent has ended. Called before any session can connect to the next one.
    func agentEnded(_ agent: AgentID)
}
