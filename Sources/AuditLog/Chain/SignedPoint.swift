/// A place in the chain: a row's number and its hash. Kept elsewhere (the server's own log, a ticket), it shows later
/// that the log has not been put back to an older copy.
public struct AuditAnchor: Sendable, Hashable, CustomStringConvertible {
    public let seq: Int64
    /// 32 bytes.
    public let hash: [UInt8]

    public init(seq: Int64, hash: [UInt8]) {
        self.seq = seq
        self.hash = hash
    }

    /// Reads what ``description`` writes: `1234:` and 64 hexadecimal digits.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int64(parts[0]), seq >= 0, let hash = [UInt8](hexadecimal: parts[1]),
            hash.count == Chain.hashLength
        else { return nil }
        self.init(seq: seq, hash: hash)
    }

    public var description: String { "\(seq):\(hash.hexadecimal)" }
}

/// A place in the chain that the log's key has signed.
public struct AuditCheckpoint: Sendable, Hashable {
    public enum Reason: String, Sendable, CaseIterable {
        /// So many rows, or so much time, since the last one.
        case interval
        case shutdown
        /// The rows up to this one are removed by retention; the next row follows this hash.
        case cut
    }

    public let reason: Reason
    public let anchor: AuditAnchor
    /// Milliseconds since 1970 UTC.
    public let at: Int64
    /// Ed25519, 64 bytes.
    public let signature: [UInt8]
}
