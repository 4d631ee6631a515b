import JSON

/// What a thread may do unasked, for the page to show and the gate to act on.
public struct ThreadMode: Sendable, Hashable {
    public var policy: ApprovalPolicy
    public var sandbox: SandboxMode

    public init(policy: ApprovalPolicy = .everyCommand, sandbox: SandboxMode = .workspaceWrite) {
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What a call says about a thread; nil leaves it as it is.
    public struct Change: Sendable, Hashable {
        public var policy: ApprovalPolicy?
        public var sandbox: SandboxMode?

        public init(policy: ApprovalPolicy? = nil, sandbox: SandboxMode? = nil) {
            self.policy = policy
            self.sandbox = sandbox
        }

        var isNothing: Bool { policy == nil && sandbox == nil }
    }

    mutating func apply(_ change: Change) {
        if let policy = change.policy { self.policy = policy }
        if let sandbox = change.sandbox { self.sandbox = sandbox }
    }

    /// Must everybody who sees the thread see a mark on it?
    public var isMarked: Bool { policy.isUnattended || sandbox == .dangerFullAccess }

    func params(threadID: String) -> JSONValue {
        [
            "threadId": .string(threadID),
            "approvals": policy.isUnattended ? "unattended" : "everyCommand",
            "sandbox": .string(sandbox.rawValue),
        ]
    }
}
