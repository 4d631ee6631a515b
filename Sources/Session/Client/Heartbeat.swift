/// Decides when a silent agent is considered dead. A state machine that learns the time from ticks, so that the path of
/// a message needs no clock.
public struct Heartbeat: Sendable, Hashable {
    public enum Step: Sendable, Hashable {
        case nothing
        /// Send a request that the agent must answer.
        case ask
        /// Nothing arrived within ``patience``.
        case giveUp
    }

    /// Seconds between two ticks.
    public static let tick = 2
    /// Seconds without any message after a request was sent.
    public static let patience = 10

    private var hasHeard = false
    /// Ticks since the request was sent; nil if none is pending.
    private var ticksWaited: Int?

    public init() {}

    public mutating func heard() { hasHeard = true }

    /// `isExpecting` says whether anything waits for the agent at all; an idle agent is not asked.
    public mutating func tick(isExpecting: Bool) -> Step {
        defer { hasHeard = false }
        if hasHeard || !isExpecting {
            ticksWaited = nil
            return .nothing
        }
        guard let waited = ticksWaited else {
            ticksWaited = 0
            return .ask
        }
        ticksWaited = waited + 1
        return (waited + 1) * Self.tick >= Self.patience ? .giveUp : .nothing
    }
}
