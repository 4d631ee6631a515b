/// Grants of one kind that have not been used. Each ends by itself after ``GrantTable/lifetimeSeconds``.
struct TimedGrants<Grant: Sendable>: Sendable {
    /// More than can be open at a time; beyond it the oldest goes.
    static var limit: Int { 4_096 }

    private var entries: [(grant: Grant, expiresAt: Double)] = []

    mutating func add(_ grant: Grant, now: Double) {
        entries.removeAll { $0.expiresAt <= now }
        entries.append((grant, now + GrantTable.lifetimeSeconds))
        if entries.count > Self.limit { entries.removeFirst() }
    }

    mutating func remove(where isOver: (Grant) -> Bool) { entries.removeAll { isOver($0.grant) } }

    func all(at now: Double, where fits: (Grant) -> Bool) -> [Grant] {
        entries.filter { $0.expiresAt > now && fits($0.grant) }.map(\.grant)
    }

    /// The oldest that fits, which is no grant any more.
    mutating func take(at now: Double, where fits: (Grant) -> Bool) -> Grant? {
        entries.firstIndex { $0.expiresAt > now && fits($0.grant) }.map { entries.remove(at: $0).grant }
    }
}
