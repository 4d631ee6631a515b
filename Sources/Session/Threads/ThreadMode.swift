import JSON

/// What a thread may do unasked; the page shows it and the gate enforces it.
public struct ThreadMode: Sendable, Hashable {
    public var policy: ApprovalPolicy
    public var sandbox: SandboxMode
    /// A person has granted network access to one of its commands.
    public var network = false
    /// Where the thread works, if known.
    public var cwd: String?
    /// The resolved targets of ``cwd`` and the thread's other writable directories at the time when a client named
    /// them. A link that changes later has no effect.
    public var place: ThreadPlace?
    /// Why work in the thread is refused: the agent has opened it differently from what it was told.
    public var refusal: String?

    public init(policy: ApprovalPolicy = .everyCommand, sandbox: SandboxMode = .workspaceWrite) {
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What a call says about a thread; nil leaves a value unchanged.
    public struct Change: Sendable, Hashable {
        public var policy: ApprovalPolicy?
        public var sandbox: SandboxMode?
        public var cwd: String?
        /// ``cwd`` with its links resolved.
        public var directory: String?
        /// The additional writable directories, links resolved; nil leaves them unchanged.
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

    /// Must every client that shows the thread mark it?
    public var isMarked: Bool { policy.isUnattended || hasNetwork }

    /// May some command of the thread reach the network, and therefore this server's own port?
    public var hasNetwork: Bool { network || sandbox == .dangerFullAccess }

    /// Is there no visible change from `before`?
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
