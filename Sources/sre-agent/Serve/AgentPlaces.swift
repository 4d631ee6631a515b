import Agent
import Glibc
import Logging
import Settings

/// Makes what the agent needs reachable for its own user. Does nothing where that is the server's.
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

    /// The directory itself, once; what is in it keeps its owner.
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

    /// As a whole: codex writes everywhere in it.
    func prepareCodexHome() throws {
        let home = FileTree.target(of: settings.codexHome)
        // Those above it must let the agent's user through.
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

    /// Before anything is handed over: what cannot be reached keeps its owner.
    private func check(_ mode: Int32, _ path: String, _ key: String, _ what: String) throws {
        guard !user.may(mode, path) else { return }
        throw SettingsError(
            key: key,
            reason:
                "uid \(user.uid), which the agent runs as, \(what) \(path). Choose another directory, let that user "
                + "in, or name another user as AGENT_USER (root keeps the agent root, which is a risk)"
        ).exit()
    }

    /// codex 0.163 keeps its sockets there whatever TMPDIR says, and another user could take the name first.
    private func prepareSocketDirectory() throws {
        let directory = AgentConfiguration.codexSocketDirectory(user)
        if mkdir(directory, 0o700) == 0 { user.own(directory) }
        var status = stat()
        guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user.uid else {
            throw Failure("\(directory) belongs to another user, and codex needs it. Remove it.")
        }
    }

    /// A directory and all that is in it, without following links.
    private static func handOver(_ path: String, to user: AgentUser) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid == 0 else { return }
        // What is in it first: nobody else can change a way that still is root's.
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in FileTree.entries(of: path) { handOver("\(path)/\(name)", to: user) }
        }
        user.own(path)
    }

    /// A second name for a directory's files, in a place that every user reaches.
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

    /// One place for each program and version of it, which servers share: copies take time where no second name can be
    /// given, on another file system.
    private static func place(_ name: String, of path: String) throws -> String {
        let base = "\(AgentAccount.home)/programs"
        try Directories.make(base)
        var status = stat()
        guard stat(path, &status) == 0 else { throw Failure("\(path) is not there.") }
        return "\(base)/\(name)-\(status.st_dev)-\(status.st_ino)-\(status.st_mtim.tv_sec)"
    }

    /// Whole, or not there: others look at the same time.
    private static func make(_ target: String, _ fill: (String) throws -> Void) throws {
        guard FileTree.realPath(target) == nil else { return }
        let unfinished = "\(target).\(getpid())"
        FileTree.remove(unfinished)
        try fill(unfinished)
        if rename(unfinished, target) != 0 { FileTree.remove(unfinished) }
    }

    private static func copy(_ source: String, to target: String) throws {
        var status = stat()
        // Links are left out: they may lead anywhere.
        guard lstat(source, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            try Directories.make(target)
            for name in FileTree.entries(of: source) { try copy("\(source)/\(name)", to: "\(target)/\(name)") }
        } else if link(source, target) != 0, errno != EEXIST {
            try Directories.copyFile(source, to: target, mode: status.st_mode & 0o755)
        }
    }
}
