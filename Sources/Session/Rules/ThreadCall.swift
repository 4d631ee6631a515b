import JSON
import JSONRPC
import Policy

/// A `thread/start`, `thread/resume` or `thread/fork` on its way to the agent: parsed from the client's dialect,
/// checked against the server's policy, and rewritten for codex.
struct ThreadCall: Sendable {
    enum Method: String {
        case start = "thread/start"
        case resume = "thread/resume"
        case fork = "thread/fork"
    }

    let method: Method
    let principal: Principal
    private(set) var params: JSONObject
    /// Where the thread will work. nil for an existing thread until the agent has reported its directory.
    private(set) var cwd: String?
    private(set) var change: ThreadMode.Change
    /// Does the call give the thread input for the model to act on?
    let conveysWords: Bool
    /// The place of a thread that was opened before.
    private let knownPlace: ThreadPlace?
    private var keepsSandboxOfTurn = false

    /// `known` returns the mode of a thread that any client has opened; `kept` returns what is stored of a thread, also
    /// if it was opened before the server restarted.
    init(
        _ method: Method, params: JSONValue, principal: Principal, policy: ServerPolicy, known: (String) -> ThreadMode?,
        kept: (String) -> KeptThread? = { _ in nil }
    ) throws(ErrorReply) {
        guard var params = params.objectValue else {
            throw ErrorReply(.invalidParams, "\(method.rawValue): params must be an object.")
        }
        let roots = try SharedParams.check(params, method: method.rawValue, principal: principal, policy: policy)
        if principal.role == .viewer { try Self.checkWatching(params, method) }
        var config = try ConfigOverrides.check(params["config"])
        conveysWords =
            method != .resume || params.hasValues(besides: Self.wordless)
            || config.hasValues(besides: ConfigOverrides.wordless)
        var approvalPolicy = try ApprovalPolicy(params["approvalPolicy"])
        // A reopened thread keeps its sandbox unless the call names one. codex would also keep a sandbox that another
        // program set, without the server's denials; so the server always names a profile.
        let threadID = params["threadId"]?.stringValue
        let namesSandbox = params["sandbox"].map { !$0.isNull } ?? false
        var sandbox = try SandboxMode(params["sandbox"])
        let (mode, stored) = (threadID.flatMap(known), threadID.flatMap(kept))
        if !namesSandbox {
            // After a restart a reopened thread is no more permissive than a new one.
            sandbox = mode?.sandbox ?? (stored?.sandbox == .readOnly ? .readOnly : sandbox)
        }
        if principal.role == .viewer {
            // A viewer changes nothing.
            approvalPolicy = mode?.policy ?? approvalPolicy
        } else {
            try policy.checkMode(approvalPolicy, sandbox, for: principal)
        }
        if principal.role < .admin, let path = params["path"], !path.isNull {
            throw policy.refusal(
                "\(method.rawValue): path can read any file on the server, so it is for admins only", principal)
        }
        if method != .start, threadID == nil {
            throw ErrorReply(.invalidParams, "\(method.rawValue): threadId is missing.")
        }

        // Always sent: codex reopens a thread with its stored policy, including `never`.
        params["approvalPolicy"] = approvalPolicy.codexValue
        params["approvalsReviewer"] = "user"
        params["sandbox"] = nil
        config["default_permissions"] = .string(policy.profiles[sandbox])
        params["config"] = .object(config)
        self.change = ThreadMode.Change(policy: approvalPolicy, sandbox: sandbox, roots: roots)
        knownPlace = mode?.place ?? stored?.place
        self.method = method
        self.principal = principal
        self.params = params
        switch params["cwd"] {
        case .string(let path): try settle(cwd: path, policy: policy)
        case nil, .null: if method == .start { try settle(cwd: policy.workspace, policy: policy) }
        case let other?: throw ErrorReply(.invalidParams, "cwd \(other) is not a path.")
        }
    }

    private static let wordless = TurnCall.wordless.union([
        "config", "excludeTurns", "initialTurnsPage", "personality", "sandbox",
    ])

    private var namesDirectory: Bool { params["cwd"].map { !$0.isNull } ?? false }

    /// Members that a viewer may send when it subscribes to a thread.
    private static let watching: Set<String> = ["threadId", "excludeTurns", "initialTurnsPage"]

    private static func checkWatching(_ params: JSONObject, _ method: Method) throws(ErrorReply) {
        for (key, value) in params.members where !value.isNull && !watching.contains(key) {
            throw ErrorReply(
                .refused, "\(method.rawValue): a viewer watches a thread as it is; \(key) needs the role operator.",
                data: ["method": .string(method.rawValue), "roleNeeded": "operator"])
        }
    }

    /// codex keeps the policy of a loaded thread, whatever a `thread/resume` says: then the thread's mode is unchanged,
    /// and the client watches the thread as it is.
    mutating func accept(_ result: JSONValue?, of mode: ThreadMode?) {
        guard method == .resume, let mode, mode.refusal == nil else { return }
        acceptSandbox(result, of: mode)
        // Several of the server's modes have the same value in codex.
        guard let said = result?["approvalPolicy"], said == mode.policy.codexValue else { return }
        params["approvalPolicy"] = said
        change.policy = nil
    }

    /// If codex has the thread loaded, a turn's `sandboxPolicy` replaces the thread's profile but keeps the profile's
    /// denials; from then on codex names no profile.
    private mutating func acceptSandbox(_ result: JSONValue?, of mode: ThreadMode) {
        guard let active = result?["activePermissionProfile"], active.isNull, change.sandbox == mode.sandbox,
            result?["sandbox"] == mode.sandbox.turnPolicy
        else { return }
        keepsSandboxOfTurn = true
    }

    /// Compares the agent's answer with this call: returns the first difference, or nil if there is none. A program
    /// that stands in for codex may omit members.
    func difference(in result: JSONValue?) -> String? {
        let profile = params["config"]?["default_permissions"]
        for (name, said, wanted) in [
            ("approvalsReviewer", result?["approvalsReviewer"], params["approvalsReviewer"]),
            ("approvalPolicy", result?["approvalPolicy"], params["approvalPolicy"]),
            ("the permission profile", result?["activePermissionProfile"]?["id"], profile),
        ] {
            if let said, !said.isNull, let wanted, said != wanted { return "\(name) \(said)" }
        }
        // codex has a profile if it was given one.
        if !keepsSandboxOfTurn, let active = result?["activePermissionProfile"], active.isNull, profile != nil {
            return "no permission profile"
        }
        return nil
    }

    /// The change, including the writable directories that were stored with the thread, as the agent's answer names
    /// them.
    func change(by result: JSONValue?, policy: ServerPolicy) -> ThreadMode.Change {
        var change = change
        guard change.roots == nil, change.directory != nil else { return change }
        let named = (result?["runtimeWorkspaceRoots"]?.arrayValue ?? []).compactMap(\.stringValue)
        change.roots = named.filter { $0 != cwd }.compactMap { try? policy.directory($0) }.filter {
            policy.exposed(to: $0) == nil
        }
        return change
    }

    var threadID: String? { params["threadId"]?.stringValue }

    /// Sets where the thread works. codex trusts a directory as soon as a writable thread starts in it, and then starts
    /// the MCP servers from its `.codex` folder, outside any sandbox and unasked. So the call marks the directory as
    /// untrusted.
    mutating func settle(cwd: String, policy: ServerPolicy) throws(ErrorReply) {
        // A thread may be watched wherever it works; work in it is a separate call.
        let directory =
            if method != .resume || namesDirectory {
                try policy.checkDirectory(cwd, change.sandbox, for: principal)
            } else {
                try policy.directory(cwd)
            }
        self.cwd = cwd
        // Without a `cwd` in the call, the thread stays where it works, even if a link in its path has changed.
        if namesDirectory || knownPlace == nil {
            change.cwd = cwd
            change.directory = directory
        } else if method == .fork, let knownPlace {
            guard directory.isIdentical(to: knownPlace.directory) else {
                throw policy.moved(cwd, from: knownPlace.directory, to: directory)
            }
            change.cwd = cwd
            change.directory = directory
            change.roots = change.roots ?? knownPlace.roots
        }
        if method == .start { params["cwd"] = .string(cwd) }
        var config = params["config"]?.objectValue ?? JSONObject()
        config["projects"] = .object(
            JSONObject(Self.ancestors(of: cwd, policy).map { ($0, ["trust_level": "untrusted"]) }))
        params["config"] = .object(config)
    }

    /// The directory and its ancestors, as written and with links resolved: codex searches for a trusted project
    /// upwards from the path as written.
    private static func ancestors(of cwd: String, _ policy: ServerPolicy) -> [String] {
        var paths: [String] = []
        for spelling in [cwd, policy.resolveDirectory(cwd) ?? cwd] {
            var path = Substring(spelling)
            while true {
                let entry = path.isEmpty ? "/" : String(path)
                if !paths.contains(where: { $0.isIdentical(to: entry) }) { paths.append(entry) }
                guard !path.isEmpty, let slash = path.lastIndex(of: "/") else { break }
                path = path[..<slash]
            }
        }
        return paths
    }
}
