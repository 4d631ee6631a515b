/// A file or directory of the server that no command may change or read: its state, its programs, its keys.
///
/// A sandbox protects it by its path, and the path can change: a command that may write to a directory above it can
/// rename the directories in between.
public struct ProtectedPath: Sendable, Hashable {
    /// For people: the setting's name, or a description.
    public let name: String
    /// Absolute, links resolved.
    public let path: String
    /// The directories above it, and the place itself if it is a directory, to which the agent's user may write:
    /// absolute, links resolved.
    public let writable: [String]
    public let isDirectory: Bool

    public init(name: String, path: String, writable: [String], isDirectory: Bool) {
        self.name = name
        self.path = path
        self.writable = writable
        self.isDirectory = isDirectory
    }

    /// Could a command that may write below `root` change it?
    public func isExposed(to root: String) -> Bool {
        writable.contains { ServerPolicy.contains(root, $0) } || isDirectory && ServerPolicy.contains(path, root)
    }
}
