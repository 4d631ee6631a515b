/// Delays between attempts while the disk fails, in milliseconds: 50, 100, … up to a second.
struct Backoff: Sendable {
    private var delay = first

    private static let first = 50
    private static let longest = 1_000

    mutating func next() -> Int {
        defer { delay = min(delay * 2, Self.longest) }
        return delay
    }

    mutating func reset() { delay = Self.first }
}
