import Relay

/// The agent's status, for `/readyz`, the page and error messages.
public enum AgentStatus: Sendable, Hashable {
    case starting
    case ready
    /// The agent ended and will be restarted.
    case restarting(reason: String)
    /// The agent ended so often that restarts are now rare.
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

    /// Why no agent is available. nil while an agent runs, and while the first one starts.
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
