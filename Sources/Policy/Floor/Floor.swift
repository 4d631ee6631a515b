/// The laxest that somebody may ask for. What goes below it is refused, never changed in silence.
public struct Floor: Sendable, Hashable {
    /// From strict to lax: how many questions a thread must ask at least.
    public enum Questions: String, Sendable, CaseIterable, Comparable {
        /// Every command, patch and MCP call.
        case onRequest
        /// Only leaving the sandbox.
        case onFailure
        /// None.
        case never

        public static func < (left: Questions, right: Questions) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .onRequest ? 0 : self == .onFailure ? 1 : 2 }
    }

    /// From narrow to wide.
    public enum Sandbox: String, Sendable, CaseIterable, Comparable {
        case readOnly
        case workspaceWrite
        case dangerFullAccess

        public static func < (left: Sandbox, right: Sandbox) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .readOnly ? 0 : self == .workspaceWrite ? 1 : 2 }
    }

    /// The laxest `approvalPolicy`. Default ``Questions/onRequest``.
    public var approvalPolicy: Questions
    /// The widest `sandbox`. Default ``Sandbox/workspaceWrite``.
    public var sandbox: Sandbox
    /// Directories in which threads may work, and in which lies what calls have codex open, absolute and with links
    /// resolved. Nil: anywhere.
    public var roots: [String]?
    /// May commands be given the network? Default no.
    public var network: Bool
    /// May something be approved for the rest of a thread? Default yes.
    public var sessionApprovals: Bool
    /// May rules be given to codex that outlive the thread? Default no.
    public var lastingApprovals: Bool

    public init(
        approvalPolicy: Questions = .onRequest, sandbox: Sandbox = .workspaceWrite, roots: [String]?,
        network: Bool = false, sessionApprovals: Bool = true, lastingApprovals: Bool = false
    ) {
        self.approvalPolicy = approvalPolicy
        self.sandbox = sandbox
        self.roots = roots
        self.network = network
        self.sessionApprovals = sessionApprovals
        self.lastingApprovals = lastingApprovals
    }
}
