import Policy

/// Whose words a turn acts on. What somebody may not ask for, a turn that also acts on their words may not do unasked.
struct Speakers: Sendable, Hashable {
    private struct Speaker: Sendable, Hashable {
        let role: Role
        /// The local user has a floor of their own.
        let isLocal: Bool
    }

    private var all: Set<Speaker> = []

    init(_ actor: Actor? = nil) {
        if let actor { insert(actor) }
    }

    mutating func insert(_ actor: Actor) { all.insert(Speaker(role: actor.role, isLocal: actor.isLocal)) }

    mutating func formUnion(_ others: Speakers) { all.formUnion(others.all) }

    /// Nil when nobody is known to have spoken.
    var lowestRole: Role? { all.map(\.role).min() }

    func allSatisfy(_ holds: (_ role: Role, _ isLocal: Bool) -> Bool) -> Bool {
        all.allSatisfy { holds($0.role, $0.isLocal) }
    }
}
