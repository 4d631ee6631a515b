import Synchronization

/// The time left for running turns while the server drains. Sockets and the agent share it. It begins when it is first
/// asked for.
public final class DrainDeadline: Sendable {
    private let patience: Duration
    private let deadline = Mutex<ContinuousClock.Instant?>(nil)

    public init(patience: Duration) { self.patience = patience }

    /// Never negative.
    public var remaining: Duration {
        deadline.withLock { deadline in
            let end = deadline ?? .now + patience
            deadline = end
            return max(.zero, end - .now)
        }
    }
}
