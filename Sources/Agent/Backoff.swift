/// The delay before an agent that ended is restarted.
struct Backoff {
    static let first: Duration = .milliseconds(250)
    static let longest: Duration = .seconds(30)
    /// An agent that lived this long was healthy: its end restarts the count.
    static let healthyLife: Duration = .seconds(60)
    /// After this many short lives the agent counts as failed instead of restarting.
    static let failedAfter = 5

    private(set) var shortLives = 0

    var isFailed: Bool { shortLives >= Self.failedAfter }

    mutating func ended(afterLiving life: Duration) -> Duration {
        shortLives = life >= Self.healthyLife ? 1 : shortLives + 1
        return min(Self.first * (1 << min(shortLives - 1, 10)), Self.longest)
    }
}
