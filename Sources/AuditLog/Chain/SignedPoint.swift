/// A position in the chain: a row's number and its hash. Stored elsewhere (the server's own log, a ticket), it proves
/// later that the log was not replaced by an older copy.
public struct AuditAnchor: Sendable, Hashable, CustomStringConvertible {
    public let seq: Int64
    /// 32 bytes.
    public let hash: [UInt8]

    public init(seq: Int64, hash: [UInt8]) {
        self.seq = seq
        self.hash = hash
    }

    /// Parses the format of ``description``: `1234:` and 64 hexadecimal digits.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int64(parts[0]), seq >= 0, let hash = [UInt8](hexadecimal: parts[1]),
            hash.count == Chain.hashLength
        else { return nil }
        self.init(seq: seq, hash: hash)
    }

    public var description: String { "\(seq):\(hash.hexadecimal)" }
}

/// A position in the chain, signed with the log's key.
public struct AuditCheckpoint: Sendable, Hashable {
    public enum Reason: String, Sendable, CaseIterable {
        /// Enough rows, or enough time, since the last checkpoint.
        case interval
        case shutdown
        /// Retention has removed the rows up to this one; the next row follows this hash.
        case cut
    }

    public let reason: Reason
    public let anchor: AuditAnchor
    /// Milliseconds since 1970 UTC.
    public let at: Int64
    /// Ed25519, 64 bytes.
    public let signature: [UInt8]
}

extension SigningKey {
    func checkpoint(_ reason: AuditCheckpoint.Reason, _ anchor: AuditAnchor, at now: Int64) throws -> AuditCheckpoint {
        let signature = try sign(SignedText.checkpoint(reason, anchor, at: now))
        return AuditCheckpoint(reason: reason, anchor: anchor, at: now, signature: signature)
    }
}
