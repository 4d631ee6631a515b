import Synchronization

/// Counts values below each of several bounds. Safe to use from every thread; an observation takes a few additions.
public final class Histogram: Sendable {
    /// Upper bounds in seconds, ascending. Values above the last bound are counted too.
    let bounds: [Double]
    private let counts: [Counter]
    private let nanoseconds = Atomic<UInt64>(0)

    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Counter() }
    }

    /// Records the same value `times` times. Negative durations, which occur when the clock is set back, count as zero.
    public func observe(nanoseconds value: Int64, times: Int = 1) {
        let value = UInt64(max(0, value))
        let seconds = Double(value) / 1e9
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count].add(UInt64(times))
        nanoseconds.add(value * UInt64(times), ordering: .relaxed)
    }

    /// For each bound, the number of values at or below it; the last entry counts all values.
    var cumulative: [UInt64] {
        var sum: UInt64 = 0
        return counts.map { counter in
            sum += counter.value
            return sum
        }
    }

    /// In seconds.
    var sum: Double { Double(nanoseconds.load(ordering: .relaxed)) / 1e9 }
}
