import Synchronization

/// How often values fell below each of some bounds. Safe to use from every thread; an observation is a few additions.
public final class Histogram: Sendable {
    /// Upper bounds in seconds, rising; what lies above the last is counted too.
    let bounds: [Double]
    private let counts: [Counter]
    private let nanoseconds = Atomic<UInt64>(0)

    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Counter() }
    }

    /// The same value so many times. Negative durations, which a clock that was set back makes, count as zero.
    public func observe(nanoseconds value: Int64, times: Int = 1) {
        let value = UInt64(max(0, value))
        let seconds = Double(value) / 1e9
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count].add(UInt64(times))
        nanoseconds.add(value * UInt64(times), ordering: .relaxed)
    }

    /// For each bound, and last for all, how many values lie at or below it.
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
