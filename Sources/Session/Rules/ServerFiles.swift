/// What the person who runs the server has said of its files, for paths in calls to be checked against.
public struct ServerFiles: Sendable {
    /// Files and directories that no call may have codex open, wherever they lie: the state directory, keys, sign-ins.
    let secrets: [String]
    /// Where codex keeps skills and plugins of its own. It lists them to everybody, so everybody may name them.
    let skills: [String]
    /// The regular file a path leads to, links resolved; nil when there is no such file. Asks the file system.
    let resolve: @Sendable (String) -> String?

    /// Paths are absolute. `secrets` may lie behind links and need not be there yet.
    public init(secrets: [String], skills: [String], resolve: @escaping @Sendable (String) -> String?) {
        self.secrets = secrets
        self.skills = skills
        self.resolve = resolve
    }

    /// There are no files: every path to one is refused.
    public static let none = ServerFiles(secrets: [], skills: []) { _ in nil }
}
