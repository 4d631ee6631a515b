/// Admits so many rows a minute and counts those that it leaves out.
public struct MinuteLimit: Sendable {
    private let rowsPerMinute: Int
    private var minute: Int64 = 0
    private var rows = 0
    /// How many rows were left out since the last one that was admitted.
    public private(set) var leftOut = 0

    public init(rowsPerMinute: Int) { self.rowsPerMinute = rowsPerMinute }

    /// `now` is in milliseconds since 1970. Returns how many rows were left out before this one; nil if this one must be
    /// left out too.
    public mutating func admit(at now: Int64) -> Int? {
        if now / 60_000 != minute { (minute, rows) = (now / 60_000, 0) }
        guard rows < rowsPerMinute else {
            leftOut += 1
            return nil
        }
        rows += 1
        defer { leftOut = 0 }
        return leftOut
    }
}
