/// The laxest mode that a principal may ask for. A request beyond it is refused, never changed silently.
public struct Floor: Sendable, Hashable {
    /// From strict to lax: the minimum that a thread must ask about.
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
    /// Directories in which threads may work, and in which calls may make codex open files, absolute and with links
    /// resolved. nil: anywhere.
    public var roots: [String]?
    /// May commands be granted network access? Default no.
    public var network: Bool
    /// May a call be approved for the rest of a thread? Default yes.
    public var sessionApprovals: Bool
    /// May codex be given rules that outlive the thread? Default no.
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
