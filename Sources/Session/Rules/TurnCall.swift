public import JSON
import JSONRPC

/// A `turn/start` or `thread/settings/update`: calls that may change what a thread is allowed to do.
struct TurnCall: Sendable {
    static let methods: Set<String> = ["turn/start", "thread/settings/update", "turn/settings/update"]

    /// Members that only select one of codex's options. Any other member could be input for the model, or choose who
    /// answers in the model's place, including those that later versions of codex add.
    static let wordless: Set<String> = [
        "threadId", "approvalPolicy", "approvalsReviewer", "sandboxPolicy", "cwd", "runtimeWorkspaceRoots", "model",
        "effort", "summary", "serviceTier", "serviceTierForTurn",
    ]

    let threadID: String
    let input: TurnInput
    let params: JSONObject
    let change: ThreadMode.Change
    /// A new directory for the thread; the gate must be proved there first.
    let cwd: String?
    /// Does the call give the thread input for the model to act on?
    let conveysWords: Bool
    /// False if the client's bytes can be forwarded unchanged.
    let isRewritten: Bool

    /// `known` returns the mode of a thread that any client has opened.
    init(
        _ method: String, params: JSONValue, principal: Principal, policy: ServerPolicy,
        known: (String) -> ThreadMode? = { _ in nil }
    ) throws(ErrorReply) {
        guard var params = params.objectValue, let threadID = params["threadId"]?.stringValue else {
            throw ErrorReply(.invalidParams, "\(method): threadId is missing.")
        }
        let roots = try SharedParams.check(params, method: method, principal: principal, policy: policy)
        let original = params
        conveysWords = params.hasValues(besides: Self.wordless)
        var approvalPolicy: ApprovalPolicy?
        if let value = params["approvalPolicy"], !value.isNull {
            let read = try ApprovalPolicy(value)
            params["approvalPolicy"] = read.codexValue
            approvalPolicy = read
        }
        if SharedParams.otherReviewer(.object(params)) != nil { params["approvalsReviewer"] = "user" }
        let sandbox = try SandboxMode.policy(params["sandboxPolicy"])
        if let sandbox { params["sandboxPolicy"] = sandbox.turnPolicy }
        try policy.checkMode(approvalPolicy, sandbox, for: principal)
        var directory: String?
        switch params["cwd"] {
        case nil, .null: cwd = nil
        case .string(let path):
            directory = try policy.checkDirectory(path, sandbox ?? known(threadID)?.sandbox, for: principal)
            cwd = path
        case let other?: throw ErrorReply(.invalidParams, "cwd \(other) is not a path.")
        }
        self.threadID = threadID
        self.input = TurnInput(params)
        self.params = params
        self.change = ThreadMode.Change(
            policy: approvalPolicy, sandbox: sandbox, cwd: cwd, directory: directory, roots: roots)
        try policy.checkThread(known(threadID), change, for: principal)
        self.isRewritten = params != original
    }
}

/// What a person has given a turn to begin with.
public struct TurnInput: Sendable, Hashable {
    /// Null for calls that begin no turn.
    public let content: JSONValue
    /// nil if there is none.
    public let message: UserMessage?
    /// What else the call says: how the thread works from now on, and instructions.
    public let settings: JSONObject

    init(_ params: JSONObject) {
        content = params["input"] ?? .null
        settings = JSONObject(
            params.members.filter { !Self.notSettings.contains($0.key) && !$0.value.isNull }.map { ($0.key, $0.value) })
        message = UserMessage(params: params)
    }

    private static let notSettings: Set<String> = ["threadId", "input", "clientUserMessageId"]
}

extension JSONObject {
    /// Whether a member other than these has a value, null aside.
    func hasValues(besides names: Set<String>) -> Bool {
        members.contains { !$0.value.isNull && !names.contains($0.key) }
    }
}
