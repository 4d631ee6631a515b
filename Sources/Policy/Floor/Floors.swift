/// The floor of each role, and of the local user, who is an admin on the server's own machine.
public struct Floors: Sendable, Hashable {
    public var local: Floor
    private var byRole: [Role: Floor]

    /// The defaults: only the local user may ask for less than "every command asks", and all others work in
    /// `workspace`. `allowsUnattended` and `allowsFullAccess` lower every floor.
    public init(workspace: String, allowsUnattended: Bool = false, allowsFullAccess: Bool = false) {
        let sandbox = allowsFullAccess ? Floor.Sandbox.dangerFullAccess : .workspaceWrite
        let questions = allowsUnattended ? Floor.Questions.never : .onRequest
        func floor(network: Bool, sessionApprovals: Bool, lastingApprovals: Bool) -> Floor {
            Floor(
                approvalPolicy: questions, sandbox: sandbox, roots: [workspace], network: network,
                sessionApprovals: sessionApprovals, lastingApprovals: lastingApprovals)
        }
        local = Floor(
            approvalPolicy: .never, sandbox: sandbox, roots: nil, network: true, sessionApprovals: true,
            lastingApprovals: true)
        byRole = [
            .viewer: floor(network: false, sessionApprovals: false, lastingApprovals: false),
            .operator: floor(network: false, sessionApprovals: false, lastingApprovals: false),
            .approver: floor(network: false, sessionApprovals: true, lastingApprovals: false),
            .admin: floor(network: true, sessionApprovals: true, lastingApprovals: true),
        ]
    }

    public subscript(role: Role) -> Floor {
        get { byRole[role, default: Floor(roots: [])] }
        set { byRole[role] = newValue }
    }
}
