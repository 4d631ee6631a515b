import JSONRPC

/// What the person who runs the server has allowed, for policy to hold requests against.
public struct ServerPolicy: Sendable {
    /// Where threads live that name no directory, absolute and without links. `WORKSPACE`.
    public let workspace: String
    /// `ALLOW_UNATTENDED`: may others than the local user switch the gate off for a thread? Default no.
    public let allowsUnattended: Bool
    /// `ALLOW_FULL_ACCESS`: may anybody start a thread without a sandbox? Default no.
    public let allowsFullAccess: Bool
    public let profiles: PermissionProfiles
    /// The directory a path leads to, links resolved; nil when there is no such directory. Asks the file system.
    let resolveDirectory: @Sendable (String) -> String?

    public init(
        workspace: String, profiles: PermissionProfiles, allowsUnattended: Bool = false,
        allowsFullAccess: Bool = false,
        resolveDirectory: @escaping @Sendable (String) -> String?
    ) {
        self.workspace = workspace
        self.profiles = profiles
        self.allowsUnattended = allowsUnattended
        self.allowsFullAccess = allowsFullAccess
        self.resolveDirectory = resolveDirectory
    }

    /// codex accepts a directory that does not exist and then fails every command, so it is refused here.
    func checkDirectory(_ path: String, for actor: Actor) throws(ErrorReply) {
        guard path.hasPrefix("/") else {
            throw ErrorReply(.invalidParams, "cwd \"\(path)\" is not an absolute path.")
        }
        guard let resolved = resolveDirectory(path) else {
            throw ErrorReply(.invalidParams, "cwd \"\(path)\" is not a directory on the server.")
        }
        guard actor.isLocal || isInsideWorkspace(resolved) else {
            throw ErrorReply(
                .refused, "cwd \"\(path)\" is outside WORKSPACE (\(workspace)), where only the local user may work.")
        }
    }

    func isInsideWorkspace(_ resolved: String) -> Bool {
        // By bytes, as the file system compares names.
        resolved.utf8.starts(with: workspace.utf8)
            && (resolved.utf8.count == workspace.utf8.count
                || resolved.utf8.dropFirst(workspace.utf8.count).first == 0x2F)
    }

    func checkMode(_ policy: ApprovalPolicy?, _ sandbox: SandboxMode?, for actor: Actor) throws(ErrorReply) {
        guard policy?.isUnattended != true || actor.isLocal || allowsUnattended else {
            throw ErrorReply(
                .refused,
                "approvalPolicy never and onFailure run commands unasked: the server must be started with ALLOW_UNATTENDED=1."
            )
        }
        guard sandbox != .dangerFullAccess || allowsFullAccess else {
            throw ErrorReply(
                .refused, "sandbox dangerFullAccess: the server must be started with ALLOW_FULL_ACCESS=1.")
        }
    }
}
