import Policy

/// Whose words a thread holds. What somebody may not ask for, no turn does unasked that finds their words in its thread.
public struct Speakers: Sendable, Hashable {
    private struct Speaker: Sendable, Hashable {
        let role: Role
        /// The local user has a floor of their own.
        let isLocal: Bool
    }

    private var all: Set<Speaker> = []

    /// Nobody.
    public init() {}

    /// Anybody: where it is not known who has spoken.
    public static var unknown: Speakers {
        var speakers = Speakers()
        speakers.all.insert(Speaker(role: .viewer, isLocal: false))
        return speakers
    }

    mutating func insert(_ actor: Actor) { all.insert(Speaker(role: actor.role, isLocal: actor.isLocal)) }

    mutating func formUnion(_ others: Speakers) { all.formUnion(others.all) }

    /// Nil when nobody is known to have spoken.
    var lowestRole: Role? { all.map(\.role).min() }

    func allSatisfy(_ holds: (_ role: Role, _ isLocal: Bool) -> Bool) -> Bool {
        all.allSatisfy { holds($0.role, $0.isLocal) }
    }

    // MARK: Written down

    private static let local = "local"

    /// Roles, and `local` for the local user.
    public var names: [String] { all.map { $0.isLocal ? Self.local : $0.role.rawValue }.sorted() }

    /// As ``names``. A name that is unknown is the lowest role's.
    public init(names: [String]) {
        all = Set(
            names.map {
                $0 == Self.local
                    ? Speaker(role: .admin, isLocal: true)
                    : Speaker(role: Role(rawValue: $0) ?? .viewer, isLocal: false)
            })
    }
}
