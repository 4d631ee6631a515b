import JSON
import JSONRPC
import Policy

/// A `thread/start`, `thread/resume` or `thread/fork` on its way to the agent: read in the client's dialect, checked
/// against the server's policy, written in codex's words.
struct ThreadCall: Sendable {
    enum Method: String {
        case start = "thread/start"
        case resume = "thread/resume"
        case fork = "thread/fork"
    }

    let method: Method
    let principal: Principal
    private(set) var params: JSONObject
    /// Where the thread will work; nil until the agent has said where an existing thread does.
    private(set) var cwd: String?
    private(set) var change: ThreadMode.Change
    /// Does it give the thread words for the model to act on?
    let conveysWords: Bool
    /// Of a thread that was opened before.
    private let knownPlace: ThreadPlace?
    private var keepsSandboxOfTurn = false

    /// `known` is the mode of a thread that was opened before, by anybody; `place` where one works, also of one that was opened
    /// before the server was started anew.
    init(
        _ method: Method, params: JSONValue, principal: Principal, policy: ServerPolicy, known: (String) -> ThreadMode?,
        place: (String) -> ThreadPlace? = { _ in nil }
    ) throws(ErrorReply) {
        guard var params = params.objectValue else {
            throw ErrorReply(.invalidParams, "\(method.rawValue): params is an object.")
        }
        let roots = try SharedParams.check(params, method: method.rawValue, principal: principal, policy: policy)
        if principal.role == .viewer { try Self.checkWatching(params, method) }
        var config = try ConfigOverrides.check(params["config"])
        conveysWords = method != .resume || Self.haveWords(params, config)
        var approvalPolicy = try ApprovalPolicy(params["approvalPolicy"])
        // A thread that is opened again keeps its sandbox unless the call names one. codex also keeps the one
        // that another program gave it, without the denials of ours; so the server always names a profile.
        let threadID = params["threadId"]?.stringValue
        let namesSandbox = params["sandbox"].map { !$0.isNull } ?? false
        var sandbox = try SandboxMode(params["sandbox"])
        if !namesSandbox, let threadID, let mode = known(threadID) { sandbox = mode.sandbox }
        if principal.role == .viewer {
            // Who watches changes nothing.
            approvalPolicy = threadID.flatMap { known($0)?.policy } ?? approvalPolicy
        } else {
            try policy.checkMode(approvalPolicy, sandbox, for: principal)
        }
        if principal.role < .admin, let path = params["path"], !path.isNull {
            throw policy.refusal("\(method.rawValue): path reads any file of the server: only an admin may", principal)
        }
        if method != .start, threadID == nil {
            throw ErrorReply(.invalidParams, "\(method.rawValue): threadId is missing.")
        }

        // Always sent: a thread that is opened again keeps the policy it was stored with, `never` included.
        params["approvalPolicy"] = approvalPolicy.codexValue
        params["approvalsReviewer"] = "user"
        params["sandbox"] = nil
        config["default_permissions"] = .string(policy.profiles[sandbox])
        params["config"] = .object(config)
        self.change = ThreadMode.Change(policy: approvalPolicy, sandbox: sandbox, roots: roots)
        self.knownPlace = threadID.flatMap { known($0)?.place ?? place($0) }
        self.method = method
        self.principal = principal
        self.params = params
        switch params["cwd"] {
        case .string(let path): try settle(cwd: path, policy: policy)
        case nil, .null: if method == .start { try settle(cwd: policy.workspace, policy: policy) }
        case let other?: throw ErrorReply(.invalidParams, "cwd \(other) is not a path.")
        }
    }

    private static func haveWords(_ params: JSONObject, _ config: JSONObject) -> Bool {
        ["baseInstructions", "developerInstructions", "history"].contains { params[$0].map { !$0.isNull } ?? false }
            || ConfigOverrides.words.contains { config[$0].map { !$0.isNull } ?? false }
    }

    private var namesDirectory: Bool { params["cwd"].map { !$0.isNull } ?? false }

    /// What a viewer may say when it subscribes to a thread.
    private static let watching: Set<String> = ["threadId", "excludeTurns", "initialTurnsPage"]

    private static func checkWatching(_ params: JSONObject, _ method: Method) throws(ErrorReply) {
        for (key, value) in params.members where !value.isNull && !watching.contains(key) {
            throw ErrorReply(
                .refused, "\(method.rawValue): a viewer watches a thread as it is; \(key) needs the role operator.",
                data: ["method": .string(method.rawValue), "roleNeeded": "operator"])
        }
    }

    /// codex keeps the policy of a thread that is loaded, whatever a `thread/resume` says: then the thread is as it was, and
    /// whoever has opened it watches it as it is.
    mutating func accept(_ result: JSONValue?, of mode: ThreadMode?) {
        guard method == .resume, let mode, mode.refusal == nil else { return }
        acceptSandbox(result, of: mode)
        guard let said = result?["approvalPolicy"], said != params["approvalPolicy"], said == mode.policy.codexValue
        else { return }
        params["approvalPolicy"] = said
        change.policy = nil
    }

    /// A turn's `sandboxPolicy` takes the place of the thread's profile in a codex that has the thread loaded, and keeps what
    /// the profile denies; codex names no profile from then on.
    private mutating func acceptSandbox(_ result: JSONValue?, of mode: ThreadMode) {
        guard let active = result?["activePermissionProfile"], active.isNull, change.sandbox == mode.sandbox,
            result?["sandbox"] == mode.sandbox.turnPolicy
        else { return }
        keepsSandboxOfTurn = true
    }

    /// What the agent does otherwise than it was told, by its answer; nil when it does what this call says. A program that
    /// stands in for codex may say less.
    func difference(in result: JSONValue?) -> String? {
        let profile = params["config"]?["default_permissions"]
        for (name, said, wanted) in [
            ("approvalsReviewer", result?["approvalsReviewer"], params["approvalsReviewer"]),
            ("approvalPolicy", result?["approvalPolicy"], params["approvalPolicy"]),
            ("the permission profile", result?["activePermissionProfile"]?["id"], profile),
        ] {
            if let said, !said.isNull, let wanted, said != wanted { return "\(name) \(said)" }
        }
        // codex has one where it was told one.
        if !keepsSandboxOfTurn, let active = result?["activePermissionProfile"], active.isNull, profile != nil {
            return "no permission profile"
        }
        return nil
    }

    /// With the directories that a thread may write which was stored with them, as the agent names them in its answer.
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

    /// Fixes where the thread works. codex trusts a directory as soon as a writable thread starts in it, and then
    /// starts the MCP servers that its `.codex` folder names, outside any sandbox, unasked. So it is told not to.
    mutating func settle(cwd: String, policy: ServerPolicy) throws(ErrorReply) {
        // A thread may be watched wherever it works; working in it is another call.
        let directory =
            if method != .resume || namesDirectory {
                try policy.checkDirectory(cwd, change.sandbox, for: principal)
            } else {
                try policy.directory(cwd)
            }
        self.cwd = cwd
        // Who does not name it opens the thread where it works, and not where a link in its path leads by now.
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

    /// The directory and those above it, as it is written and with its links resolved: codex looks for a trusted
    /// project on the way up from the path as it is written.
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
