import AuditRecord
import Foundation
import GRDB

/// The end of the log: its last row, signed again with each commit.
struct Head: Sendable, Hashable {
    let anchor: AuditAnchor
    let at: Int64
    let signature: [UInt8]

    static func fetch(_ database: Database) throws -> Head? {
        let statement = try database.cachedStatement(sql: "SELECT seq, hash, at, signature FROM head")
        guard let row = try Row.fetchOne(statement) else { return nil }
        guard let seq = row.integer(0), let hash = row.blob(1), let at = row.integer(2), let signature = row.blob(3)
        else { throw AuditFailure("the log's head cannot be read") }
        return Head(anchor: AuditAnchor(seq: seq, hash: hash), at: at, signature: signature)
    }

    func isSigned(by key: SigningKey.PublicKey) -> Bool {
        key.verifies(signature, of: SignedText.head(anchor, at: at))
    }

    func store(in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO head (id, seq, hash, at, signature) VALUES (1, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE
                SET seq = excluded.seq, hash = excluded.hash, at = excluded.at, signature = excluded.signature
                """)
        try statement.execute(arguments: [anchor.seq, Data(anchor.hash), at, Data(signature)])
    }
}

extension AuditCheckpoint {
    static func fetchNewest(_ database: Database) throws -> AuditCheckpoint? {
        let statement = try database.cachedStatement(
            sql: "SELECT seq, reason, hash, at, signature FROM checkpoints ORDER BY seq DESC LIMIT 1")
        return try Row.fetchOne(statement).flatMap(AuditCheckpoint.init(row:))
    }

    init?(row: Row) {
        guard let seq = row.integer(0), let reason = row.text(1).flatMap(Reason.init(rawValue:)),
            let hash = row.blob(2), let at = row.integer(3), let signature = row.blob(4)
        else { return nil }
        self.init(reason: reason, anchor: AuditAnchor(seq: seq, hash: hash), at: at, signature: signature)
    }

    func isSigned(by key: SigningKey.PublicKey) -> Bool {
        key.verifies(signature, of: SignedText.checkpoint(reason, anchor, at: at))
    }

    /// Does nothing if this row already has a checkpoint with this reason.
    func store(in database: Database) throws {
        let present = try database.cachedStatement(sql: "SELECT 1 FROM checkpoints WHERE seq = ? AND reason = ?")
        guard try Int.fetchOne(present, arguments: [anchor.seq, reason.rawValue]) == nil else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT INTO checkpoints (seq, reason, hash, at, signature) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(
            arguments: [anchor.seq, reason.rawValue, Data(anchor.hash), at, Data(signature)])
    }
}

/// Values as stored: a tampered file may hold any type, and GRDB's own conversions trap.
extension Row {
    func integer(_ index: Int) -> Int64? {
        if case .int64(let value) = databaseValue(index).storage { value } else { nil }
    }

    func blob(_ index: Int) -> [UInt8]? {
        if case .blob(let value) = databaseValue(index).storage { Array(value) } else { nil }
    }

    func text(_ index: Int) -> String? {
        if case .string(let value) = databaseValue(index).storage { value } else { nil }
    }

    private func databaseValue(_ index: Int) -> DatabaseValue { self[index] }
}
