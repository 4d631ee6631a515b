extension AuditLog {
    /// Options of the log. The defaults are the server's.
    public struct Options: Sendable {
        /// Maximum number of queued entries. Default 100,000.
        public var queuedEntries = 100_000
        /// Approximate maximum memory of queued entries, in bytes. Default 64 MiB.
        public var queuedBytes = 64 << 20
        /// Maximum number of rows in one commit. Default 1,000.
        public var batchSize = 1_000
        /// Rows between two permanent checkpoints. Default 1,000.
        public var checkpointRows: Int64 = 1_000
        /// … or milliseconds after the first row without a checkpoint. Default ten minutes.
        public var checkpointInterval: Int64 = 600_000
        /// Longer strings in details are truncated; in bytes of UTF-8. Default 64 KiB.
        public var longestString = 64 << 10
        /// The server's own secrets, masked wherever they appear. Secrets shorter than six bytes are ignored.
        public var knownSecrets: [String] = []
        /// Applied at start and every hour. Default nil: everything is kept.
        public var retention: Retention?
        /// Milliseconds since 1970 UTC.
        public var now: @Sendable () -> Int64 = { AuditClock.now() }
        /// Called for each permanent checkpoint, on the writer's thread, after it is on disk. Store its anchor
        /// elsewhere: it proves later that the log was not replaced by an older copy.
        public var onCheckpoint: @Sendable (AuditCheckpoint) -> Void = { _ in }

        public init() {}
    }

    /// The limits beyond which the oldest rows are removed.
    public struct Retention: Sendable, Hashable {
        /// In milliseconds; nil: no limit.
        public var maxAge: Int64?
        /// Size of the database file; nil: no limit.
        public var maxBytes: Int?

        public init(maxAge: Int64? = nil, maxBytes: Int? = nil) {
            self.maxAge = maxAge
            self.maxBytes = maxBytes
        }
    }
}
