extension AuditLog {
    /// How the log behaves. The defaults are the server's.
    public struct Options: Sendable {
        /// Entries that may wait for the disk. Default 100,000.
        public var queuedEntries = 100_000
        /// The memory they may take, roughly, in bytes. Default 64 MiB.
        public var queuedBytes = 64 << 20
        /// Rows in one commit, at most. Default 1,000.
        public var batchSize = 1_000
        /// A lasting checkpoint after so many rows. Default 1,000.
        public var checkpointRows: Int64 = 1_000
        /// … or so many milliseconds after the first row that has none. Default ten minutes.
        public var checkpointInterval: Int64 = 600_000
        /// Longer strings in details are cut; in bytes of UTF-8. Default 64 KiB.
        public var longestString = 64 << 10
        /// Secrets of the server's own, masked wherever they appear. Shorter ones than six bytes are ignored.
        public var knownSecrets: [String] = []
        /// Applied at start and every hour. Default nil: everything is kept.
        public var retention: Retention?
        /// Milliseconds since 1970 UTC.
        public var now: @Sendable () -> Int64 = { AuditClock.now() }
        /// Called for each lasting checkpoint, on the writer's thread, after it is on disk. Keep what it says
        /// somewhere else: it shows later that the log has not been put back to an older copy.
        public var onCheckpoint: @Sendable (AuditCheckpoint) -> Void = { _ in }

        public init() {}
    }

    /// What is removed, the oldest rows first.
    public struct Retention: Sendable, Hashable {
        /// In milliseconds; nil: no limit.
        public var maxAge: Int64?
        /// Of the database file; nil: no limit.
        public var maxBytes: Int?

        public init(maxAge: Int64? = nil, maxBytes: Int? = nil) {
            self.maxAge = maxAge
            self.maxBytes = maxBytes
        }
    }
}
