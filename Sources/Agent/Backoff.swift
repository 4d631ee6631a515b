/// How long to wait before an agent that ended is started again.
struct Backoff {
    static let first: Duration = .milliseconds(250)
    static let longest: Duration = .seconds(30)
    /// An agent that lived this long is a healthy one: its end starts the count anew.
    static let healthyLife: Duration = .seconds(60)
    /// From this many short lives on the agent counts as failed and not as restarting.
    static let failedAfter = 5

    private(set) var shortLives = 0

    var isFailed: Bool { shortLives >= Self.failedAfter }

    mutating func ended(afterLiving life: Duration) -> Duration {
        shortLives = life >= Self.healthyLife ? 1 : shortLives + 1
        return min(Self.first * (1 << min(shortLives - 1, 10)), Self.longest)
    }
}
