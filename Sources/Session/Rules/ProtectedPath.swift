/// A file or directory of the server's own that no command may change or read: its state, its programs, its keys.
///
/// A sandbox keeps it closed by its path, and a path can be taken away: a command that may write into a directory above it
/// renames what lies between.
public struct ProtectedPath: Sendable, Hashable {
    /// For people: the setting's name, or what it is.
    public let name: String
    /// Absolute, links resolved.
    public let path: String
    /// The directories above it, and the place itself if it is one, in which the agent's user may write: absolute, links
    /// resolved.
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
