public import Relay
public import Session

/// Keeps the agent, or what agents need, alive.
public protocol AgentSupervisor: AnyObject, AgentConnector {
    var status: AgentStatus { get }
    /// Why new threads are refused while agents that run go on with theirs; nil when they are not, and while there is no
    /// agent at all.
    var threadsRefused: String? { get }
    /// The observer is called on any thread, with each change of ``threadsRefused``. There is one.
    func onThreadsRefused(_ observer: @escaping @Sendable (String?) -> Void)
    /// What codex calls itself, once it has been asked; nil until then, and for a program that is not codex.
    var version: String? { get }
    /// Programs that codex's configuration has it start outside the sandbox, asking nobody; a line each.
    var programs: [String] { get }
    /// The observer is called on any thread, with each change. There is one.
    func onStatusChange(_ observer: @escaping @Sendable (AgentStatus) -> Void)
    /// The observer is called with each end of an agent that sessions share, before anybody may connect to the next.
    func onLifeEnd(_ observer: @escaping @Sendable (AgentID) -> Void)
    /// Runs until its task is cancelled.
    func supervise() async
}
