/// What came of looking through the whole log.
public enum VerifyResult: Sendable, Hashable {
    case ok(Summary)
    case bad(Fault)

    public struct Summary: Sendable, Hashable {
        public let count: Int
        /// Nil when the log is empty. The first row is later than 1 when retention has removed rows.
        public let first: Int64?
        /// The newest row; its hash is what the next row will follow. 0 when the log has never had one.
        public let head: AuditAnchor
        /// Milliseconds since 1970 UTC: when the head was signed.
        public let headAt: Int64?
        public let checkpoints: Int
        /// What became of the place that was expected; nil when none was given.
        public let expected: Expected?
    }

    public enum Expected: Sendable, Hashable {
        case found
        /// Retention has removed that row: there is nothing left to compare.
        case removed
    }

    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, CaseIterable {
            case edited, column, removed, reordered, inserted
            case missingTail
            case head
            case checkpoint
            case cut
            /// The expected place is not in the log: an older copy, or another log.
            case expected
            /// SQLite cannot read the file.
            case unreadable
        }

        public let kind: Kind
        /// The first bad row; for rows that are gone, the first of them.
        public let seq: Int64
        /// The same as `seq`, unless only a range is known: rows that were rewritten with new hashes are found by the
        /// next signed place.
        public let through: Int64
        /// A sentence for people.
        public let description: String

        init(_ kind: Kind, _ seq: Int64, through: Int64? = nil, _ description: String) {
            self.kind = kind
            self.seq = seq
            self.through = through ?? seq
            self.description = description
        }
    }
}
