/// When to reconnect after a loss: at once, then after 1 s, doubling to 30 s. The jitter keeps a server's clients from
/// reconnecting at the same moment.
struct Backoff: Sendable {
    private static let first: Int64 = 1_000
    private static let longest: Int64 = 30_000

    private var attempt = 0

    /// In milliseconds. `random` is between 0 and 1.
    mutating func next(random: Double) -> Int64 {
        defer { attempt += 1 }
        guard attempt > 0 else { return 0 }
        let full = min(Self.longest, Self.first << Int64(min(attempt - 1, 16)))
        return Int64(Double(full) * (0.5 + random / 2))
    }

    mutating func reset() { attempt = 0 }
}
