import JSON

/// Where a granted program works, and what its sandbox may let it write. Paths are absolute, with the links that were in
/// them when the thread was opened or the question was asked; from then on no link may stand in them.
public struct Confinement: Sendable, Hashable {
    /// Nil when nobody can tell.
    public var directory: String?
    /// Directories and files, besides those where every command may write. Nil: everything.
    public var writable: [String]?

    public init(directory: String?, writable: [String]?) {
        self.directory = directory
        self.writable = writable
    }

    /// Nothing is known of it.
    public static let none = Confinement(directory: nil, writable: [])

    /// Nil when the program stands where it was said to stand and can write what it may write, else why not. `identify` names
    /// what is at a path now, without following links.
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

    /// The same before the sandbox is made, as far as it can be told then: bubblewrap makes directories where it mounts
    /// something. `resolve` gives where a path leads now.
    public func objection(
        toLauncher view: ProcessView, identify: (String) -> FileIdentity?, resolve: (String) -> String?
    ) -> String? {
        if let objection = objection(toDirectoryOf: view, identify) { return objection }
        for root in writable ?? [] {
            if let now = resolve(root), !now.isIdentical(to: root) { return Self.sentence(now) }
        }
        return nil
    }

    /// A file system of the machine that lies in a directory that may be written.
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

/// Which file or directory: an inode of a file system (stat(2)).
public struct FileIdentity: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64

    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// A process that waits in execve(2), as it stands in its mount namespace.
public struct ProcessView: Sendable {
    public struct Mount: Sendable, Hashable {
        /// In the process's namespace.
        public let path: String
        public let identity: FileIdentity

        public init(path: String, identity: FileIdentity) {
            self.path = path
            self.identity = identity
        }
    }

    public let directory: FileIdentity?
    /// For people.
    public let directoryPath: String?
    /// What can be written and is not the sandbox's own.
    public let writable: [Mount]

    public init(directory: FileIdentity?, directoryPath: String?, writable: [Mount]) {
        self.directory = directory
        self.directoryPath = directoryPath
        self.writable = writable
    }
}
