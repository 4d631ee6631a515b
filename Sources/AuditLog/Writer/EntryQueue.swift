import AuditRecord

/// Entries waiting to be written, in order. Bounded: beyond the limits, notes are dropped and counted. Writes get a
/// quarter more space, so that another client's long texts do not cause a decision to be refused; beyond that, writes
/// fail too.
struct EntryQueue: Sendable {
    struct Item: Sendable {
        let entry: AuditEntry
        let byteCount: Int
        /// nil for a note.
        let done: (@Sendable (AuditFailure?) -> Void)?
        /// Masked and truncated; kept when the disk fails, so that the work is not repeated.
        var prepared: PreparedEntry?
    }

    /// Dropped notes.
    struct Gap: Sendable, Hashable {
        var count = 0
        /// Times of the first and the last note, in milliseconds since 1970 UTC.
        var from: Int64 = .max
        var to: Int64 = .min

        mutating func add(_ other: Gap) {
            count += other.count
            from = min(from, other.from)
            to = max(to, other.to)
        }
    }

    struct Batch: Sendable {
        var items: [Item]
        let gap: Gap?
    }

    private let largestCount: Int
    private let largestByteCount: Int
    /// Notes of a failed batch, which are written first.
    private var again: [Item] = []
    private var items: [Item] = []
    private var start = 0
    private var gap = Gap()
    private(set) var byteCount = 0

    init(largestCount: Int, largestByteCount: Int) {
        self.largestCount = largestCount
        self.largestByteCount = largestByteCount
    }

    var count: Int { again.count + items.count - start }
    var isEmpty: Bool { count == 0 && gap.count == 0 }

    /// False if there is no room: a note has been counted as dropped, and the caller must fail a write.
    mutating func append(_ item: Item) -> Bool {
        let isNote = item.done == nil
        func most(_ limit: Int) -> Int { isNote ? limit : limit + limit / 4 }
        guard count < most(largestCount), byteCount + item.byteCount <= most(largestByteCount) || count == 0 else {
            if isNote { gap.add(Gap(count: 1, from: item.entry.at, to: item.entry.at)) }
            return false
        }
        byteCount += item.byteCount
        items.append(item)
        return true
    }

    /// nil if the queue is empty.
    mutating func take(_ limit: Int) -> Batch? {
        guard !isEmpty else { return nil }
        var taken = Array(again.prefix(limit))
        again.removeFirst(taken.count)
        let end = start + min(items.count - start, limit - taken.count)
        taken.append(contentsOf: items[start..<end])
        start = end
        if start == items.count || start > 4_096 {
            items.removeFirst(start)
            start = 0
        }
        for item in taken { byteCount -= item.byteCount }
        let dropped = gap
        gap = Gap()
        return Batch(items: taken, gap: dropped.count > 0 ? dropped : nil)
    }

    /// Removes all writes, so that no caller waits while the disk fails, however many notes come first.
    mutating func removeWrites() -> [Item] {
        let waiting = again + items[start...]
        let writes = waiting.filter { $0.done != nil }
        guard !writes.isEmpty else { return [] }
        again = []
        items = waiting.filter { $0.done == nil }
        start = 0
        for item in writes { byteCount -= item.byteCount }
        return writes
    }

    /// Returns the notes of a failed batch, which come first next time.
    mutating func putBack(_ notes: [Item], gap: Gap?) {
        for item in notes { byteCount += item.byteCount }
        again.insert(contentsOf: notes, at: 0)
        if let gap { self.gap.add(gap) }
    }
}
