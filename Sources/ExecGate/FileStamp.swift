/// Which file stands under a name, and since when it has its content. Two that are the same: nobody has changed it.
public struct FileStamp: Sendable, Hashable {
    public struct Version: Sendable, Hashable {
        public let identity: FileIdentity
        public let size: Int64
        /// Nanoseconds since 1970, of the last change of the content.
        public let changedAt: Int64

        public init(identity: FileIdentity, size: Int64, changedAt: Int64) {
            self.identity = identity
            self.size = size
            self.changedAt = changedAt
        }
    }

    /// The name itself, which may be a link; nil when nothing has it.
    public let name: Version?
    /// What a link leads to; nil when that is nothing.
    public let file: Version?

    public init(name: Version?, file: Version?) {
        self.name = name
        self.file = file
    }
}
