/// The identity and change time of the file at a path. If two stamps are equal, the file has not changed.
public struct FileStamp: Sendable, Hashable {
    public struct Version: Sendable, Hashable {
        public let identity: FileIdentity
        public let size: Int64
        /// Nanoseconds since 1970 of the last change of the content or the inode (ctime), which a program cannot set back.
        public let changedAt: Int64

        public init(identity: FileIdentity, size: Int64, changedAt: Int64) {
            self.identity = identity
            self.size = size
            self.changedAt = changedAt
        }
    }

    /// The path itself, which may be a symbolic link; nil if it does not exist.
    public let name: Version?
    /// The target of a symbolic link; nil if it does not exist.
    public let file: Version?

    public init(name: Version?, file: Version?) {
        self.name = name
        self.file = file
    }
}
