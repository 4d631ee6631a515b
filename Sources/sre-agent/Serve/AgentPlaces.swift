import Agent
import Glibc
import Logging
import Settings

/// Makes the files that the agent needs accessible to its own user. Not used if the agent runs as the server's user.
struct AgentPlaces {
    let settings: Settings
    let user: AgentUser
    let logger: Logger

    /// Throws ``SettingsError`` with a remedy.
    func prepare() throws {
        try prepareWorkspace()
        try prepareCodexHome()
        try prepareSocketDirectory()
    }

    /// Changes the owner of the workspace directory once; its content keeps its owner.
    private func prepareWorkspace() throws {
        let workspace = settings.workspace
        var status = stat()
        guard stat(workspace, &status) == 0 else { return }
        try check(X_OK, FileTree.parent(of: workspace), "WORKSPACE", "cannot go through")
        if status.st_uid == 0, status.st_mode & 0o002 == 0, workspace.split(separator: "/").count > 1 {
            user.own(workspace)
            logger.notice(
                "WORKSPACE now belongs to the user that the agent runs as; what lies in it keeps its owner",
                metadata: ["WORKSPACE": "\(workspace)", "uid": "\(user.uid)"])
        }
        try check(W_OK | X_OK, workspace, "WORKSPACE", "cannot write to")
    }

    /// Changes the owner of the whole directory, because codex writes everywhere in it.
    func prepareCodexHome() throws {
        let home = FileTree.target(of: settings.codexHome)
        // The agent's user must be able to pass through the parent directories.
        try Directories.make(FileTree.parent(of: home))
        try Directories.make(home, mode: 0o700)
        try check(X_OK, FileTree.parent(of: home), "CODEX_HOME", "cannot go through")
        var status = stat()
        if stat(home, &status) == 0, status.st_uid == 0 {
            Self.handOver(home, to: user)
            logger.notice(
                "CODEX_HOME now belongs to the user that the agent runs as",
                metadata: ["CODEX_HOME": "\(home)", "uid": "\(user.uid)"])
        }
        try check(W_OK | X_OK, home, "CODEX_HOME", "cannot write to")
    }

    /// Runs before any change of owner: paths that the user cannot reach keep theirs.
    private func check(_ mode: Int32, _ path: String, _ key: String, _ what: String) throws {
        guard !user.may(mode, path) else { return }
        throw SettingsError(
            key: key,
            reason:
                "uid \(user.uid), which the agent runs as, \(what) \(path). Choose another directory, let that user "
                + "in, or name another user as AGENT_USER (root keeps the agent root, which is a risk)"
        ).exit()
    }

    /// codex 0.163 keeps its sockets there regardless of TMPDIR, and another user could create the directory first.
    private func prepareSocketDirectory() throws {
        let directory = AgentConfiguration.codexSocketDirectory(user)
        if mkdir(directory, 0o700) == 0 { user.own(directory) }
        var status = stat()
        guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user.uid else {
            throw Failure("\(directory) belongs to another user, and codex needs it. Remove it.")
        }
    }

    /// Changes the owner of a directory and its content, without following symbolic links.
    private static func handOver(_ path: String, to user: AgentUser) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid == 0 else { return }
        // Change the content first: until then only root can change a path below the directory.
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in FileTree.entries(of: path) { handOver("\(path)/\(name)", to: user) }
        }
        user.own(path)
    }

    /// Links or copies a directory's files to a location that every user can reach.
    static func reachable(_ directory: String, for user: AgentUser, as name: String) throws -> String {
        let target = try place(name, of: directory)
        try make(target) { try copy(directory, to: $0) }
        return target
    }

    static func reachable(file: String, as name: String) throws -> String {
        let target = try place(name, of: file)
        try make(target) { unfinished in
            try Directories.make(unfinished)
            try copy(file, to: "\(unfinished)/\(file.split(separator: "/").last ?? "")")
        }
        return target
    }

    /// One location per program and version, shared by servers, because copying takes time if hard links are
    /// impossible, as they are on another file system.
    private static func place(_ name: String, of path: String) throws -> String {
        let base = "\(AgentAccount.home)/programs"
        try Directories.make(base)
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure("\(path) does not exist.") }
        return "\(base)/\(name)-\(status.st_dev)-\(status.st_ino)-\(status.st_mtim.tv_sec)"
    }

    /// Creates the target atomically, because other servers may use it at the same time.
    private static func make(_ target: String, _ fill: (String) throws -> Void) throws {
        guard FileTree.realPath(target) == nil else { return }
        let unfinished = "\(target).\(getpid())"
        FileTree.remove(unfinished)
        try fill(unfinished)
        if rename(unfinished, target) != 0 { FileTree.remove(unfinished) }
    }

    private static func copy(_ source: String, to target: String) throws {
        var status = stat()
        // Skip symbolic links, which may lead anywhere.
        guard lstat(source, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            try Directories.make(target)
            for name in FileTree.entries(of: source) { try copy("\(source)/\(name)", to: "\(target)/\(name)") }
        } else if link(source, target) != 0, errno != EEXIST {
            try Directories.copyFile(source, to: target, mode: status.st_mode & 0o755)
        }
    }
}
