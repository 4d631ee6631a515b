/// The result of verifying the whole log.
public enum VerifyResult: Sendable, Hashable {
    case ok(Summary)
    case bad(Fault)

    public struct Summary: Sendable, Hashable {
        public let count: Int
        /// nil if the log is empty. Greater than 1 if retention has removed rows.
        public let first: Int64?
        /// The newest row; the next row will follow its hash. 0 if the log never had a row.
        public let head: AuditAnchor
        /// When the head was signed, in milliseconds since 1970 UTC.
        public let headAt: Int64?
        public let checkpoints: Int
        /// The result for the expected anchor; nil if none was given.
        public internal(set) var expected: Expected?
    }

    public enum Expected: Sendable, Hashable {
        case found
        /// Retention has removed that row, so it cannot be compared.
        case removed
    }

    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, CaseIterable {
            case edited, column, removed, reordered, inserted
            case missingTail
            case head
            case checkpoint
            case cut
            /// The expected anchor is not in the log: an older copy, or another log.
            case expected
            /// SQLite cannot read the file.
            case unreadable
        }

        public let kind: Kind
        /// The first bad row; for missing rows, the first of them.
        public let seq: Int64
        /// The same as `seq`, unless only a range is known: rows that were rewritten with new hashes are detected only
        /// at the next signed position.
        public let through: Int64
        /// A sentence for people.
        public let description: String

        init(_ kind: Kind, _ seq: Int64, through: Int64? = nil, _ description: String) {
            self.kind = kind
            self.seq = seq
            self.through = through ?? seq
            self.description = description
        }

        static func endsEarly(at last: Int64, before signed: Int64) -> Fault {
            Fault(
                .expected, last + 1,
                "The log ends at row \(last), but row \(signed) was signed earlier: this is an older copy, its -wal file is "
                    + "missing, or the end was removed.")
        }
    }
}
