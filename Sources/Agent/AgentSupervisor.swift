public import Relay

/// Keeps the agent alive, or in isolated mode what agents need to start.
public protocol AgentSupervisor: AnyObject, AgentConnector {
    var status: AgentStatus { get }
    /// Why new threads are refused while running agents continue with theirs. nil if threads are allowed, or if there
    /// is no agent at all.
    var threadsRefused: String? { get }
    /// The version that codex reports. nil until codex has been asked, and for a program that is not codex.
    var version: String? { get }
    /// Programs that codex's configuration starts outside the sandbox without an approval, one per element.
    var programs: [String] { get }
    /// Runs until its task is cancelled.
    func supervise() async
}
