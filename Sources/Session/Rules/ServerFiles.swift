/// What the person who runs the server has configured about its files; paths in calls are checked against it.
public struct ServerFiles: Sendable {
    /// Files and directories that no call may make codex open, wherever they are: the state directory, keys, sign-ins.
    let secrets: [String]
    /// Where codex keeps its own skills and plugins. It lists them to every client, so every client may name them.
    let skills: [String]
    /// Resolves a path to a regular file, links resolved; nil if there is no such file. Asks the file system.
    let resolve: @Sendable (String) -> String?

    /// Paths are absolute. `secrets` may go through links and need not exist yet.
    public init(secrets: [String], skills: [String], resolve: @escaping @Sendable (String) -> String?) {
        self.secrets = secrets
        self.skills = skills
        self.resolve = resolve
    }

    /// No files: every path to a file is refused.
    public static let none = ServerFiles(secrets: [], skills: []) { _ in nil }
}
