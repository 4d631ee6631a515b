import Agent
import CProcess
import Glibc
import Logging
import Settings

/// The user that codex and its commands run as. If the server runs as root, this is another user: as root, a command
/// could write to `/proc/sys` from inside the sandbox.
struct AgentAccount {
    /// nil for the server's own user.
    let user: AgentUser?
    /// Both the server and its agent run as root (`AGENT_USER=root`).
    let isRoot: Bool

    /// The default location of the agent's files if the server's own home is root's.
    static let home = "/var/lib/sre-agent"

    /// Throws ``SettingsError`` if the user does not exist, or if the server cannot switch to it.
    init(_ settings: Settings) throws(SettingsError) {
        let named = settings.agentUser
        guard getuid() == 0 else {
            if let named, Self.find(named)?.uid != getuid() {
                throw SettingsError(
                    key: "AGENT_USER", reason: "only a server that runs as root can run its agent as another user")
            }
            self.init(user: nil, isRoot: false)
            return
        }
        guard let named else {
            self.init(user: Self.owner(of: settings.workspace) ?? Self.unnamed, isRoot: false)
            return
        }
        guard let user = Self.find(named) else {
            throw SettingsError(key: "AGENT_USER", reason: "there is no user \"\(named)\"")
        }
        self.init(user: user.uid == 0 ? nil : user, isRoot: user.uid == 0)
    }

    /// Default settings for a server that is root with an agent that is not, since the agent cannot use root's
    /// directories.
    static func defaults(_ layers: [[String: String]]) -> [String: String] {
        let named = layers.lazy.compactMap { $0["AGENT_USER"] }.first { !$0.isEmpty }
        guard getuid() == 0, named.flatMap(find)?.uid != 0 else { return [:] }
        let directory = ProcessEnvironment.workingDirectory
        var defaults = ["CODEX_HOME": "\(home)/codex"]
        if !unnamed.may(X_OK, directory) { defaults["WORKSPACE"] = "\(home)/workspace" }
        return defaults
    }

    private init(user: AgentUser?, isRoot: Bool) {
        self.user = user
        self.isRoot = isRoot
    }

    private static let unnamed = AgentUser(uid: Settings.unnamedAgentUser, gid: Settings.unnamedAgentUser)

    private static func owner(of path: String) -> AgentUser? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_uid != 0 else { return nil }
        return AgentUser(uid: status.st_uid, gid: status.st_gid)
    }

    /// Finds a user by name, or by an id that need not have a name.
    private static func find(_ text: String) -> AgentUser? {
        if let entry = getpwnam(text) { return AgentUser(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid) }
        guard let uid = UInt32(text), uid < UInt32.max else { return nil }
        return AgentUser(uid: uid, gid: getpwuid(uid)?.pointee.pw_gid ?? uid)
    }

    /// Adapts HOME, the user names and TMPDIR, which are root's in the server's environment.
    func environment(_ environment: [String: String], home: String) -> [String: String] {
        guard let user else { return environment }
        var environment = environment
        let entry = getpwuid(user.uid)
        if let given = environment["HOME"], !user.may(R_OK | X_OK, given) { environment["HOME"] = nil }
        if environment["HOME"] == nil {
            environment["HOME"] = entry.map { String(cString: $0.pointee.pw_dir) } ?? home
        }
        for name in ["USER", "LOGNAME"] where environment[name] != nil {
            environment[name] = entry.map { String(cString: $0.pointee.pw_name) }
        }
        if let directory = environment["TMPDIR"], !user.may(W_OK | X_OK, directory) { environment["TMPDIR"] = nil }
        return environment
    }
}

extension AgentUser {
    func may(_ mode: Int32, _ path: String) -> Bool { cprocess_may_access(uid, gid, path, mode) == 0 }

    /// Makes this user the owner of a file or directory.
    func own(_ path: String) { lchown(path, uid, gid) }
}
