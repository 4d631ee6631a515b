import JSON

/// What a thread may do unasked, for the page to show and the gate to act on.
public struct ThreadMode: Sendable, Hashable {
    public var policy: ApprovalPolicy
    public var sandbox: SandboxMode
    /// Somebody has granted a command of it the network.
    public var network = false
    /// Where it works, as far as it is known.
    public var cwd: String?
    /// Where ``cwd`` and the thread's other writable directories led to when somebody named them, links resolved. A link
    /// that leads elsewhere since then moves nothing.
    public var place: ThreadPlace?
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
        /// Where ``cwd`` leads, links resolved.
        public var directory: String?
        /// The directories that may be written besides, links resolved; nil leaves them as they are.
        public var roots: [String]?

        public init(
            policy: ApprovalPolicy? = nil, sandbox: SandboxMode? = nil, cwd: String? = nil, directory: String? = nil,
            roots: [String]? = nil
        ) {
            self.policy = policy
            self.sandbox = sandbox
            self.cwd = cwd
            self.directory = directory
            self.roots = roots
        }

        var isNothing: Bool { self == Self() }
    }

    mutating func apply(_ change: Change) {
        if let policy = change.policy { self.policy = policy }
        if let sandbox = change.sandbox { self.sandbox = sandbox }
        if let cwd = change.cwd { self.cwd = cwd }
        if let directory = change.directory {
            place = ThreadPlace(directory: directory, roots: place?.roots ?? [])
        }
        if let roots = change.roots { place?.roots = roots }
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
