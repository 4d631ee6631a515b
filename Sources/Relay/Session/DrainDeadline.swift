import Synchronization

/// How much time is left for running turns while the server drains, first for their sockets' sake and then for the
/// agent's. Begins when it is first asked.
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
