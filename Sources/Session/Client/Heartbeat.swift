/// Decides when an agent that says nothing is taken for dead. A state machine that is told of the time by ticks, so that
/// the path of a message needs no clock.
public struct Heartbeat: Sendable, Hashable {
    public enum Step: Sendable, Hashable {
        case nothing
        /// Send something that must be answered.
        case ask
        /// Nothing came within ``patience``.
        case giveUp
    }

    /// Seconds from one tick to the next.
    public static let tick = 2
    /// Seconds without any message after something was asked.
    public static let patience = 10

    private var hasHeard = false
    /// Ticks since it was asked; nil when nothing is.
    private var ticksWaited: Int?

    public init() {}

    public mutating func heard() { hasHeard = true }

    /// `isExpecting` says whether somebody waits for the agent at all; nobody wakes it otherwise.
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
