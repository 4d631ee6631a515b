import Policy

/// The authors of a thread's input. What somebody may not ask for, no turn does unasked that finds their words in its
/// thread.
public struct InputAuthors: Sendable, Hashable {
    private struct Author: Sendable, Hashable {
        let role: Role
        /// The local user has a floor of their own.
        let isLocal: Bool
    }

    private var all: Set<Author> = []

    /// Nobody.
    public init() {}

    /// Anybody: where it is not known who has spoken.
    public static var unknown: InputAuthors {
        var authors = InputAuthors()
        authors.all.insert(Author(role: .viewer, isLocal: false))
        return authors
    }

    mutating func insert(_ principal: Principal) {
        all.insert(Author(role: principal.role, isLocal: principal.isLocal))
    }

    mutating func formUnion(_ others: InputAuthors) { all.formUnion(others.all) }

    /// Nil when no author is known.
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
                    ? Author(role: .admin, isLocal: true)
                    : Author(role: Role(rawValue: $0) ?? .viewer, isLocal: false)
            })
    }
}
