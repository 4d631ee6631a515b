import Cryptography
import Foundation

/// The hash that chains a row to the previous row.
enum Chain {
    static let hashLength = 32
    /// The previous hash of a log's first row.
    static let genesis = [UInt8](repeating: 0, count: hashLength)

    private static let domain = Array("sre-agent.audit.row.v1".utf8)

    /// Every part is preceded by its length, so no two rows share an encoding.
    static func hash(seq: Int64, previous: [UInt8], content: UnsafeRawBufferPointer) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(domain.count + previous.count + 40)
        head.appendField(domain)
        head.appendInteger(seq)
        head.appendField(previous)
        head.appendInteger(Int64(content.count))
        return SHA256.hash(head, followedBy: content)
    }

    static func hash(seq: Int64, previous: [UInt8], content: [UInt8]) -> [UInt8] {
        content.withUnsafeBytes { hash(seq: seq, previous: previous, content: $0) }
    }
}

/// The texts that are signed. `use` separates the kinds of signatures: a signature of the head must not pass for one
/// of a cut.
enum SignedText {
    static func head(_ anchor: AuditAnchor, at: Int64) -> [UInt8] { text(use: "head", anchor, at) }

    static func checkpoint(_ reason: AuditCheckpoint.Reason, _ anchor: AuditAnchor, at: Int64) -> [UInt8] {
        text(use: "checkpoint." + reason.rawValue, anchor, at)
    }

    private static func text(use: String, _ anchor: AuditAnchor, _ at: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendField(Array("sre-agent.audit.signature.v1".utf8))
        bytes.appendField(Array(use.utf8))
        bytes.appendInteger(anchor.seq)
        bytes.appendField(anchor.hash)
        bytes.appendInteger(at)
        return bytes
    }
}

extension [UInt8] {
    /// Eight bytes, big-endian.
    mutating func appendInteger(_ value: Int64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func appendField(_ bytes: [UInt8]) {
        appendInteger(Int64(bytes.count))
        append(contentsOf: bytes)
    }
}
