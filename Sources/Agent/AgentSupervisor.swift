public import Relay
public import Session

/// Keeps the agent alive, or in isolated mode what agents need to start.
public protocol AgentSupervisor: AnyObject, AgentConnector {
    var status: AgentStatus { get }
    /// Why new threads are refused while running agents continue with theirs. nil if threads are allowed, or if there
    /// is no agent at all.
    var threadsRefused: String? { get }
    /// Sets the only observer. It is called on any thread, on each change of ``threadsRefused``.
    func onThreadsRefused(_ observer: @escaping @Sendable (String?) -> Void)
    /// The version that codex reports. nil until codex has been asked, and for a program that is not codex.
    var version: String? { get }
    /// Programs that codex's configuration starts outside the sandbox without an approval, one per element.
    var programs: [String] { get }
    /// Sets the only observer. It is called on any thread, on each change.
    func onStatusChange(_ observer: @escaping @Sendable (AgentStatus) -> Void)
    /// The observer is called each time a shared agent ends, before any session can connect to the next one.
    func onLifeEnd(_ observer: @escaping @Sendable (AgentID) -> Void)
    /// Runs until its task is cancelled.
    func supervise() async
}
