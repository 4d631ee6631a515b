import JSON

/// The directory of a granted program, and what its sandbox may allow it to write. Paths are absolute. Their links were
/// resolved when the thread was opened or the question was asked; from then on they must contain no links.
public struct Confinement: Sendable, Hashable {
    /// nil if unknown.
    public var directory: String?
    /// Directories and files, in addition to those where every command may write. nil if everything is writable.
    public var writable: [String]?

    public init(directory: String?, writable: [String]?) {
        self.directory = directory
        self.writable = writable
    }

    /// Nothing is known about the program's directory, and nothing more may be writable.
    public static let none = Confinement(directory: nil, writable: [])

    /// Why the program's directory or writable paths are not as granted; nil if they are. `identify` returns the
    /// current file at a path, without following links.
    public func objection(
        to view: ProcessView, shared: [String], identify: (String) -> FileIdentity?
    ) -> String? {
        if let objection = objection(toDirectoryOf: view, identify) { return objection }
        guard let writable else { return nil }
        let roots = (writable + shared).compactMap { path in identify(path).map { (path: path, identity: $0) } }
        func root(of mount: ProcessView.Mount) -> String? { roots.first { $0.identity == mount.identity }?.path }
        let found = view.writable.compactMap { mount in root(of: mount).map { (mount: mount.path, root: $0) } }
        let other = view.writable.first { root(of: $0) == nil && !Self.isBelow(found, $0, identify) }
        return other.map {
            Self.sentence($0.path)
        }
    }

    private func objection(toDirectoryOf view: ProcessView, _ identify: (String) -> FileIdentity?) -> String? {
        guard let directory else { return nil }
        if let here = view.directory, let shown = identify(directory), here == shown { return nil }
        return "its directory is another one than the one that was shown: it would run in "
            + "\(view.directoryPath ?? "a directory that cannot be seen"), and not in \(directory)"
    }

    private static func sentence(_ path: String) -> String {
        "its sandbox could write to \(path), which is not, or is no longer, a directory that this thread may write to"
    }

    /// The same check before the sandbox exists, as far as it is possible then: bubblewrap creates directories where it
    /// mounts something. `resolve` returns the current target of a path.
    public func objection(
        toLauncher view: ProcessView, identify: (String) -> FileIdentity?, resolve: (String) -> String?
    ) -> String? {
        if let objection = objection(toDirectoryOf: view, identify) { return objection }
        for root in writable ?? [] {
            if let now = resolve(root), !now.isIdentical(to: root) { return Self.sentence(now) }
        }
        return nil
    }

    /// Whether the mount is one of the machine's file systems inside a writable directory.
    private static func isBelow(
        _ found: [(mount: String, root: String)], _ mount: ProcessView.Mount, _ identify: (String) -> FileIdentity?
    ) -> Bool {
        found.contains { above in
            guard mount.path.utf8.starts(with: "\(above.mount)/".utf8) else { return false }
            let rest = mount.path.utf8.dropFirst(above.mount.utf8.count)
            return identify(above.root + String(Substring(rest))) == mount.identity
        }
    }
}

/// Identifies a file or directory by its file system and inode (stat(2)).
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// The state of a process that waits in execve(2), as seen in its mount namespace.
public struct ProcessView: Sendable {
    public struct Mount: Sendable, Hashable {
        /// The path in the process's namespace.
        public let path: String
        public let identity: FileIdentity

        public init(path: String, identity: FileIdentity) {
            self.path = path
            self.identity = identity
        }
    }

    public let directory: FileIdentity?
    /// The directory's path, for messages.
    public let directoryPath: String?
    /// Writable mounts, except the sandbox's own.
    public let writable: [Mount]

    public init(directory: FileIdentity?, directoryPath: String?, writable: [Mount]) {
        self.directory = directory
        self.directoryPath = directoryPath
        self.writable = writable
    }
}
