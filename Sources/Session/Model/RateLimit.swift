/// A token bucket: limits both the rate per second and the burst.
struct RateLimit: Sendable {
    private let perSecond: Int64
    /// The size of the bucket, in thousandths.
    private let full: Int64
    /// In thousandths, so that intervals of a few milliseconds count too.
    private var tokens: Int64
    private var filledAt: Milliseconds = 0

    /// Starts full. The bucket holds the tokens of so many seconds.
    init(perSecond: Int, burstSeconds: Int = 1) {
        self.perSecond = Int64(perSecond)
        full = self.perSecond * 1_000 * Int64(burstSeconds)
        tokens = full
    }

    /// Returns nil if the tokens were taken, otherwise the milliseconds to wait before the next attempt.
    mutating func take(_ count: Int, at now: Milliseconds) -> Milliseconds? {
        // A clock that was set back adds no tokens; a clock that jumps ahead adds at most an hour's worth.
        let passed = min(max(0, now - filledAt), 3_600_000)
        filledAt = now
        tokens = min(full, tokens + passed * perSecond)
        let cost = Int64(count) * 1_000
        // A request larger than the bucket passes when the bucket is full, and leaves a debt.
        guard tokens >= min(cost, full) else { return (min(cost, full) - tokens) / perSecond + 1 }
        tokens -= cost
        return nil
    }
}
