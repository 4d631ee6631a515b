import JSON
import JSONRPC
public import Policy

/// What the person who runs the server has allowed; requests are checked against it.
public struct ServerPolicy: Sendable {
    /// The directory of threads that name none, absolute and without links. `WORKSPACE`.
    public let workspace: String
    public let profiles: PermissionProfiles
    public var methods: MethodPermissions {
        didSet { plainMethods = Self.plain(methods) }
    }
    /// Methods that every role may call and whose params are not read.
    private(set) var plainMethods: NameSet
    public var floors: Floors
    public var rules: CommandRules
    /// Paths above which no thread may have a writable directory.
    let protectedPaths: [ProtectedPath]
    /// Resolves a path to a directory, links resolved; nil if there is no such directory. Asks the file system.
    let resolveDirectory: @Sendable (String) -> String?
    let files: ServerFiles

    public init(
        workspace: String, profiles: PermissionProfiles, floors: Floors? = nil,
        methods: MethodPermissions = MethodPermissions(),
        rules: CommandRules = .none, protectedPaths: [ProtectedPath] = [], files: ServerFiles = .none,
        resolveDirectory: @escaping @Sendable (String) -> String?
    ) {
        self.workspace = workspace
        self.profiles = profiles
        self.methods = methods
        plainMethods = Self.plain(methods)
        self.floors = floors ?? Floors(workspace: workspace)
        self.rules = rules
        self.protectedPaths = protectedPaths
        self.files = files
        self.resolveDirectory = resolveDirectory
    }

    private static func plain(_ methods: MethodPermissions) -> NameSet {
        NameSet(
            methods.methods(of: .viewer).filter {
                MethodPermissions.onlyReads($0) && !MethodRules.readsParams(of: $0) && MethodRules.isOpen($0)
            })
    }

    public func floor(of principal: Principal) -> Floor { floor(of: principal.role, isLocal: principal.isLocal) }

    func floor(of role: Role, isLocal: Bool) -> Floor { isLocal ? floors.local : floors[role] }

    /// codex accepts a directory that does not exist and then fails every command, so it is refused here.
    ///
    /// `sandbox` is the thread's. With workspaceWrite, the directory may not expose the server's own files; with full
    /// access the thread may write everywhere, and its profile fixes that. Returns the resolved path.
    @discardableResult
    func checkDirectory(_ path: String, _ sandbox: SandboxMode?, for principal: Principal) throws(ErrorReply) -> String
    {
        let resolved = try directory(path)
        guard isPermitted(resolved, for: principal) else {
            throw refusal("cwd \"\(path)\" is outside \(rootsInWords(principal))", principal)
        }
        if sandbox ?? .workspaceWrite == .workspaceWrite { try checkWritable(resolved, "cwd \"\(path)\"") }
        return resolved
    }

    /// Resolves a thread's directory.
    @discardableResult
    func directory(_ path: String) throws(ErrorReply) -> String {
        guard path.hasPrefix("/") else {
            throw ErrorReply(.invalidParams, "cwd \"\(path)\" is not an absolute path.")
        }
        // C reads a path up to its first NUL, and codex removes `..` before it follows links: the path must mean the
        // same to every reader.
        guard !path.utf8.contains(0), let resolved = resolveDirectory(path),
            resolved.isIdentical(to: resolveDirectory(CommandDirectory.resolved(path, in: "/")) ?? "")
        else {
            throw ErrorReply(.invalidParams, "cwd \"\(path)\" is not a directory on the server.")
        }
        return resolved
    }

    /// `resolved` is absolute and without links.
    func isPermitted(_ resolved: String, for principal: Principal) -> Bool {
        guard let roots = floor(of: principal).roots else { return true }
        return roots.contains { Self.contains($0, resolved) }
    }

    func rootsInWords(_ principal: Principal) -> String {
        let roots = floor(of: principal).roots ?? []
        return roots == [workspace]
            ? "WORKSPACE (\(workspace))" : "the roots of the floor (\(roots.joined(separator: ", ")))"
    }

    /// May a thread get this as an additional writable directory? A floor that lets threads work anywhere does not let
    /// them write anywhere: then only ``workspace`` qualifies.
    func mayBeWritable(_ resolved: String, for principal: Principal) -> Bool {
        (floor(of: principal).roots ?? [workspace]).contains { Self.contains($0, resolved) }
    }

    func writableInWords(_ principal: Principal) -> String {
        floor(of: principal).roots == nil ? "WORKSPACE (\(workspace))" : rootsInWords(principal)
    }

    static func contains(_ root: String, _ path: String) -> Bool {
        // By bytes, as the file system compares names.
        root == "/"
            || path.utf8.starts(with: root.utf8)
                && (path.utf8.count == root.utf8.count || path.utf8.dropFirst(root.utf8.count).first == 0x2F)
    }

    func checkMode(_ policy: ApprovalPolicy?, _ sandbox: SandboxMode?, for principal: Principal) throws(ErrorReply) {
        let floor = floor(of: principal)
        if let policy, policy.questions > floor.approvalPolicy {
            throw refusal(
                "approvalPolicy \(policy.questions.rawValue) runs commands unasked, which needs ALLOW_UNATTENDED=1 or a "
                    + "floor whose approvalPolicy permits it", principal)
        }
        if let sandbox, sandbox.width > floor.sandbox {
            throw refusal(
                "sandbox \(sandbox.rawValue) needs ALLOW_FULL_ACCESS=1 or a floor whose sandbox permits it", principal)
        }
    }

    /// Refuses work in a thread whose mode others have made laxer than the principal may ask for: the principal's input
    /// would run commands that the principal's own thread would have to ask about.
    func checkThread(_ mode: ThreadMode?, _ change: ThreadMode.Change = .init(), for principal: Principal)
        throws(ErrorReply)
    {
        guard var mode else { return }
        if let refusal = mode.refusal { throw ErrorReply(.refused, refusal) }
        mode.apply(change)
        try checkMode(mode.policy, mode.sandbox, for: principal)
        guard let cwd = mode.cwd else { return }
        let resolved = try checkDirectory(cwd, mode.sandbox, for: principal)
        guard let place = mode.place, !resolved.isIdentical(to: place.directory) else { return }
        throw moved(cwd, from: place.directory, to: resolved)
    }

    /// A link in a thread's directory has changed since a client named the directory.
    func moved(_ cwd: String, from before: String, to now: String) -> ErrorReply {
        ErrorReply(
            .refused,
            "cwd \"\(cwd)\" led to \(before) when it was named, and leads to \(now) now. If that is meant, name it again: "
                + "send cwd with turn/start or thread/resume.")
    }

    /// The server's own path that a writer to this directory could change. `resolved` is absolute and without links.
    func exposed(to resolved: String) -> ProtectedPath? { protectedPaths.first { $0.isExposed(to: resolved) } }

    /// `resolved` as in ``exposed(to:)``; `what` names it in a sentence.
    func checkWritable(_ resolved: String, _ what: String) throws(ErrorReply) {
        guard let place = exposed(to: resolved) else { return }
        let relation = Self.contains(place.path, resolved) ? "lies in" : "lies above"
        throw ErrorReply(
            .refused,
            "\(what) \(relation) the server's own \(place.name) (\(place.path)), which a command there could change. Open "
                + "another directory, or this one with the sandbox readOnly.")
    }

    func checkNetwork(_ what: String, for principal: Principal) throws(ErrorReply) {
        guard floor(of: principal).network else { throw refusal("\(what): the floor permits no network", principal) }
    }

    /// The error for a request that the principal's floor does not permit.
    func refusal(_ what: String, _ principal: Principal) -> ErrorReply {
        ErrorReply(
            .refused, "\(what), for \(principal.isLocal ? "the local user" : "the role \(principal.role.rawValue)").")
    }
}
