import Synchronization

/// Counts up. Safe to use from every thread.
public final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    public init() {}

    public func add(_ more: UInt64 = 1) { count.add(more, ordering: .relaxed) }
    public var value: UInt64 { count.load(ordering: .relaxed) }
}

/// Counters of one name that differ in their label values.
public final class CounterFamily: Sendable {
    /// Label values come from the server's own code; the limit only guards against a bug that creates endless values.
    static let limit = 200

    let labels: [String]
    private let counters = Mutex<[[String]: Counter]>([:])

    public init(labels: String...) { self.labels = labels }

    /// Pass one value per label.
    public func add(_ values: String...) {
        counters.withLock { counters in
            if let counter = counters[values] { return counter.add() }
            guard counters.count < Self.limit else { return }
            let counter = Counter()
            counter.add()
            counters[values] = counter
        }
    }

    /// Sorted by label values.
    var all: [(values: [String], count: UInt64)] {
        counters.withLock { $0.map { ($0.key, $0.value.value) } }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    }
}
