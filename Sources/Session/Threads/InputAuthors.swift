import Policy

/// The authors of a thread's input. A turn does nothing unasked that any of these authors may not ask for.
public struct InputAuthors: Sendable, Hashable {
    private struct Author: Sendable, Hashable {
        let role: Role
        /// The local user has a separate floor.
        let isLocal: Bool
    }

    private var all: Set<Author> = []

    /// No authors.
    public init() {}

    /// Any author: for threads whose authors are unknown.
    public static var unknown: InputAuthors {
        var authors = InputAuthors()
        authors.all.insert(Author(role: .viewer, isLocal: false))
        return authors
    }

    mutating func insert(_ principal: Principal) {
        all.insert(Author(role: principal.role, isLocal: principal.isLocal))
    }

    mutating func formUnion(_ others: InputAuthors) { all.formUnion(others.all) }

    /// nil if no author is known.
    var lowestRole: Role? { all.map(\.role).min() }

    func allSatisfy(_ holds: (_ role: Role, _ isLocal: Bool) -> Bool) -> Bool {
        all.allSatisfy { holds($0.role, $0.isLocal) }
    }

    // MARK: Written down

    private static let local = "local"

    /// Roles, and `local` for the local user.
    public var names: [String] { all.map { $0.isLocal ? Self.local : $0.role.rawValue }.sorted() }

    /// Reads ``names``. An unknown name counts as the lowest role.
    public init(names: [String]) {
        all = Set(
            names.map {
                $0 == Self.local
                    ? Author(role: .admin, isLocal: true)
                    : Author(role: Role(rawValue: $0) ?? .viewer, isLocal: false)
            })
    }
}
