import Relay

/// How the agent behind the server is, for `/readyz`, the page and people.
public enum AgentStatus: Sendable, Hashable {
    case starting
    case ready
    /// It ended and is about to be started again.
    case restarting(reason: String)
    /// It has ended so often that it is tried only now and then.
    case failed(reason: String)
    case stopped

    public var isReady: Bool { self == .ready }

    public var reason: String {
        switch self {
        case .starting: "The agent is starting."
        case .ready: "The agent is ready."
        case .restarting(let reason), .failed(let reason): reason
        case .stopped: "The server is stopping."
        }
    }

    /// Nil while there is an agent, or while the first one starts.
    var outage: String? {
        switch self {
        case .starting, .ready: nil
        case .restarting, .failed, .stopped: reason
        }
    }

    public var word: String {
        switch self {
        case .starting, .restarting: "restarting"
        case .ready: "ready"
        case .failed: "failed"
        case .stopped: "stopped"
        }
    }
}

extension AgentUnavailable {
    init(_ status: AgentStatus) { self.init(status.reason, isFinal: status == .stopped) }
}
