/// A token bucket: so much per second, and so much at once.
struct RateLimit: Sendable {
    private let perSecond: Int64
    /// In thousandths, so that a message every few milliseconds fills it too.
    private var tokens: Int64
    private var filledAt: Milliseconds = 0

    /// Begins full.
    init(perSecond: Int) {
        self.perSecond = Int64(perSecond)
        tokens = self.perSecond * 1_000
    }

    /// Nil when it may; else after how many milliseconds it might.
    mutating func take(_ count: Int, at now: Milliseconds) -> Milliseconds? {
        // A clock that was set back fills nothing, one that leaps ahead no more than an hour does.
        let passed = min(max(0, now - filledAt), 3_600_000)
        filledAt = now
        let full = perSecond * 1_000
        tokens = min(full, tokens + passed * perSecond)
        let cost = Int64(count) * 1_000
        // What is larger than the bucket passes when it is full, and is paid for afterwards.
        guard tokens >= min(cost, full) else { return (min(cost, full) - tokens) / perSecond + 1 }
        tokens -= cost
        return nil
    }
}
