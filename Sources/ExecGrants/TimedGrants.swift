/// The unused grants of one kind. Each expires after ``GrantTable/lifetimeSeconds``.
struct TimedGrants<Grant: Sendable>: Sendable {
    /// More than can be open at a time; above the limit the oldest grant is dropped.
    static var limit: Int { 4_096 }

    private struct Entry: Sendable {
        let id: UInt64
        var grant: Grant
        var expiresAt: Double
        /// The expiry that no use can put off.
        let endsAt: Double
    }

    private var entries: [Entry] = []
    private var count: UInt64 = 0

    mutating func add(_ grant: Grant, now: Double) {
        entries.removeAll { $0.expiresAt <= now }
        count += 1
        let end = now + GrantTable.lifetimeSeconds
        entries.append(Entry(id: count, grant: grant, expiresAt: end, endsAt: end))
        if entries.count > Self.limit { entries.removeFirst() }
    }

    mutating func remove(where isOver: (Grant) -> Bool) { entries.removeAll { isOver($0.grant) } }

    /// Shortens the remaining lifetime of the matching grants to ``GrantTable/unattendedSeconds``.
    mutating func limit(at now: Double, where isUnattended: (Grant) -> Bool) {
        for index in entries.indices where isUnattended(entries[index].grant) {
            entries[index].expiresAt = min(entries[index].expiresAt, now + GrantTable.unattendedSeconds)
        }
    }

    func contains(at now: Double, where fits: (Grant) -> Bool) -> Bool {
        entries.contains { $0.expiresAt > now && fits($0.grant) }
    }

    /// The valid grants, oldest first.
    func inForce(at now: Double) -> [(id: UInt64, grant: Grant)] {
        entries.filter { $0.expiresAt > now }.map { ($0.id, $0.grant) }
    }

    /// Removes and returns the oldest matching grant.
    mutating func take(at now: Double, where fits: (Grant) -> Bool) -> Grant? {
        entries.firstIndex { $0.expiresAt > now && fits($0.grant) }.map { entries.remove(at: $0).grant }
    }

    /// Changes the grant with this id. A use leaves at least ``GrantTable/unattendedSeconds`` for the next one, so that
    /// a long patch is not cut in half because its last subscriber leaves. False if it is no longer valid, or if `body` returns that it was not used.
    mutating func use(_ id: UInt64, at now: Double, _ body: (inout Grant) -> (isUsed: Bool, stays: Bool)) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id && $0.expiresAt > now }) else { return false }
        let (isUsed, stays) = body(&entries[index].grant)
        if isUsed {
            let entry = entries[index]
            entries[index].expiresAt = min(entry.endsAt, max(entry.expiresAt, now + GrantTable.unattendedSeconds))
        }
        if !stays { entries.remove(at: index) }
        return isUsed
    }
}
