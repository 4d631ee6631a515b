import JSON

/// What a thread may do unasked, for the page to show and the gate to act on.
public struct ThreadMode: Sendable, Hashable {
    public var policy: ApprovalPolicy
    public var sandbox: SandboxMode
    /// Somebody has granted a command of it the network.
    public var network = false
    /// Where it works, as far as it is known.
    public var cwd: String?
    /// Why nobody works in it: the agent has opened it otherwise than it was told.
    public var refusal: String?

    public init(policy: ApprovalPolicy = .everyCommand, sandbox: SandboxMode = .workspaceWrite) {
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What a call says about a thread; nil leaves it as it is.
    public struct Change: Sendable, Hashable {
        public var policy: ApprovalPolicy?
        public var sandbox: SandboxMode?
        public var cwd: String?

        public init(policy: ApprovalPolicy? = nil, sandbox: SandboxMode? = nil, cwd: String? = nil) {
            self.policy = policy
            self.sandbox = sandbox
            self.cwd = cwd
        }

        var isNothing: Bool { policy == nil && sandbox == nil && cwd == nil }
    }

    mutating func apply(_ change: Change) {
        if let policy = change.policy { self.policy = policy }
        if let sandbox = change.sandbox { self.sandbox = sandbox }
        if let cwd = change.cwd { self.cwd = cwd }
    }

    /// Must everybody who sees the thread see a mark on it?
    public var isMarked: Bool { policy.isUnattended || hasNetwork }

    /// May some command of it reach the network, and with it this server's own port?
    public var hasNetwork: Bool { network || sandbox == .dangerFullAccess }

    /// Is there nothing to tell people about a change from `before`?
    func looksAs(_ before: ThreadMode) -> Bool {
        policy == before.policy && sandbox == before.sandbox && network == before.network
    }

    func params(threadID: String) -> JSONValue {
        var params: JSONObject = [
            "threadId": .string(threadID),
            "approvals": policy.isUnattended ? "unattended" : "everyCommand",
            "sandbox": .string(sandbox.rawValue),
        ]
        if network { params["network"] = true }
        return .object(params)
    }
}
