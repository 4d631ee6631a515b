/// What a principal may do. Each role includes the roles before it.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Watches: lists, reads, subscribes.
    case viewer
    /// Also starts threads and turns, within the floor.
    case `operator`
    /// Also answers approvals.
    case approver
    /// Everything.
    case admin

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .approver: 2
        case .admin: 3
        }
    }
}
