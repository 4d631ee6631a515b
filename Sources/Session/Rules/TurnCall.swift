import JSON
import JSONRPC

/// A `turn/start` or `thread/settings/update`: calls that may change what a thread is allowed to do.
struct TurnCall: Sendable {
    static let methods: Set<String> = ["turn/start", "thread/settings/update", "turn/settings/update"]

    let threadID: String
    let params: JSONObject
    let change: ThreadMode.Change
    /// A new directory for the thread, in which the gate must be proved first.
    let cwd: String?
    /// False when the client's bytes can go on as they came.
    let isRewritten: Bool

    init(_ method: String, params: JSONValue, actor: Actor, policy: ServerPolicy) throws(ErrorReply) {
        guard var params = params.objectValue, let threadID = params["threadId"]?.stringValue else {
            throw ErrorReply(.invalidParams, "\(method): threadId is missing.")
        }
        try SharedParams.check(params, method: method, actor: actor, policy: policy)
        let original = params
        var approvalPolicy: ApprovalPolicy?
        if let value = params["approvalPolicy"], !value.isNull {
            let read = try ApprovalPolicy(value)
            params["approvalPolicy"] = read.codexValue
            approvalPolicy = read
        }
        let sandbox = try SandboxMode.policy(params["sandboxPolicy"])
        if let sandbox { params["sandboxPolicy"] = sandbox.turnPolicy }
        try policy.checkMode(approvalPolicy, sandbox, for: actor)
        switch params["cwd"] {
        case nil, .null: cwd = nil
        case .string(let path):
            try policy.checkDirectory(path, for: actor)
            cwd = path
        case let other?: throw ErrorReply(.invalidParams, "cwd \(other) is not a path.")
        }
        self.threadID = threadID
        self.params = params
        self.change = ThreadMode.Change(policy: approvalPolicy, sandbox: sandbox)
        self.isRewritten = params != original
    }
}
