@testable import AuditLog
import AuditRecord
import Foundation
import GRDB
import JSON
import TestSupport
import Testing

@Suite struct TamperingTests {
    private static let rows: Int64 = 40

    enum Tampering: CaseIterable {
        case editContent, editContentAndHash, editColumn, clearColumn, changeColumnType, remove, removeAndRenumber
        case exchange, insert, cutTail, appendRow, forgeHead, editHead, rewriteFromHere, editPrevious
        case editCheckpoint, addCut
    }

    private func makeLog() throws -> TemporaryLog {
        let files = try TemporaryLog()
        let log = try files.open {
            $0.checkpointRows = 10
            $0.batchSize = 7
        }
        for number in 1...Int(Self.rows) { log.note(.sample(number, thread: number % 3 == 0 ? nil : "t1")) }
        log.close()
        #expect(try files.verify().summary?.count == Int(Self.rows))
        return files
    }

    @Test(arguments: Tampering.allCases)
    func theFirstBadRowIsNamed(_ tampering: Tampering) throws {
        var random = SeededGenerator(seed: 42)
        let template = try makeLog()
        for _ in 0..<10 {
            let files = try template.copy()
            let row = Int64.random(in: 2...Self.rows - 2, using: &random)
            let (kinds, expected) = try apply(tampering, row, files, &random)
            let fault = try #require(try files.verify().fault, "\(tampering) at \(row)")
            #expect(kinds.contains(fault.kind), "\(tampering) at \(row): \(fault)")
            #expect(fault.seq <= expected && expected <= fault.through, "\(tampering) at \(row): \(fault.seq) \(fault)")
            // The fault is a range only if every hash was recomputed.
            if tampering != .rewriteFromHere { #expect(fault.seq == fault.through, "\(tampering) at \(row): \(fault)") }
        }
    }

    private func apply(
        _ tampering: Tampering, _ row: Int64, _ files: TemporaryLog, _ random: inout SeededGenerator
    ) throws -> (kinds: [VerifyResult.Fault.Kind], seq: Int64) {
        let other = Int64.random(in: row + 1...Self.rows, using: &random)
        let edit = "UPDATE entries SET content = replace(content, 'df -hP', 'rm -rf') WHERE seq = ?"
        var result: (kinds: [VerifyResult.Fault.Kind], seq: Int64) = ([.edited], row)
        try files.tamper { database in
            switch tampering {
            case .editContent: try database.execute(sql: edit, arguments: [row])
            case .editContentAndHash:
                try database.execute(sql: edit, arguments: [row])
                try rehash(database, row...row)
                // If the row is the newest one of a checkpoint, the checkpoint reveals the edit.
                result.kinds = [.edited, .checkpoint]
            case .editColumn:
                let columns = ["actor", "role", "address", "user_agent", "turn_id", "item_id", "request_id", "kind"]
                let column = columns.randomElement(using: &random) ?? "actor"
                try database.execute(sql: "UPDATE entries SET \(column) = 'x' WHERE seq = ?", arguments: [row])
                result.kinds = [.column]
            case .clearColumn:
                try database.execute(sql: "UPDATE entries SET actor = NULL WHERE seq = ?", arguments: [row])
                result.kinds = [.column]
            case .changeColumnType:
                try database.execute(sql: "UPDATE entries SET at = 'soon', hash = 7 WHERE seq = ?", arguments: [row])
                result.kinds = [.edited]
            case .remove:
                try database.execute(sql: "DELETE FROM entries WHERE seq = ?", arguments: [row])
                result.kinds = [.removed]
            case .removeAndRenumber:
                try database.execute(sql: "DELETE FROM entries WHERE seq = ?", arguments: [row])
                for seq in row + 1...Self.rows {
                    try database.execute(sql: "UPDATE entries SET seq = ? WHERE seq = ?", arguments: [seq - 1, seq])
                }
                result.kinds = [.removed]
            case .exchange:
                for (from, to) in [(row, -1), (other, row), (-1, other)] as [(Int64, Int64)] {
                    try database.execute(sql: "UPDATE entries SET seq = ? WHERE seq = ?", arguments: [to, from])
                }
                result.kinds = [.reordered]
            case .insert:
                for seq in (row...Self.rows).reversed() {
                    try database.execute(sql: "UPDATE entries SET seq = ? WHERE seq = ?", arguments: [seq + 1, seq])
                }
                try copy(database, from: row + 1, to: row)
                try rehash(database, row...row)
                result.kinds = [.inserted, .checkpoint]
            case .cutTail:
                try database.execute(sql: "DELETE FROM entries WHERE seq > ?", arguments: [row])
                result = ([.missingTail], row + 1)
            case .appendRow:
                try copy(database, from: row, to: Self.rows + 1)
                try rehash(database, Self.rows + 1...Self.rows + 1)
                result = ([.inserted], Self.rows + 1)
            case .forgeHead:
                // Signed with the attacker's own key.
                let anchor = try anchor(database, row)
                let signature = try SigningKey().sign(SignedText.head(anchor, at: 5))
                try Head(anchor: anchor, at: 5, signature: signature).store(in: database)
                try database.execute(sql: "DELETE FROM entries WHERE seq > ?", arguments: [row])
                try database.execute(sql: "DELETE FROM checkpoints WHERE seq > ?", arguments: [row])
                result.kinds = [.head]
            case .editHead:
                try database.execute(sql: "UPDATE head SET at = at + 1")
                result = ([.head], Self.rows)
            case .rewriteFromHere:
                try database.execute(sql: edit, arguments: [row])
                try rehash(database, row...Self.rows)
                result.kinds = [.checkpoint, .head]
            case .editPrevious:
                try database.execute(sql: "UPDATE entries SET previous = zeroblob(32) WHERE seq = ?", arguments: [row])
                result.kinds = [.removed, .edited]
            case .editCheckpoint:
                let seq = try Int64.fetchOne(database, sql: "SELECT min(seq) FROM checkpoints") ?? 0
                try database.execute(sql: "UPDATE checkpoints SET hash = zeroblob(32) WHERE seq = ?", arguments: [seq])
                result = ([.checkpoint], seq)
            case .addCut:
                // Removes the start and passes off a checkpoint as the retention cut.
                let seq = try Int64.fetchOne(database, sql: "SELECT min(seq) FROM checkpoints") ?? 0
                try database.execute(sql: "UPDATE checkpoints SET reason = 'cut' WHERE seq = ?", arguments: [seq])
                try database.execute(sql: "DELETE FROM entries WHERE seq <= ?", arguments: [seq])
                result = ([.checkpoint], seq)
            }
        }
        return result
    }

    private func anchor(_ database: Database, _ seq: Int64) throws -> AuditAnchor {
        let hash = try Data.fetchOne(database, sql: "SELECT hash FROM entries WHERE seq = ?", arguments: [seq])
        return AuditAnchor(seq: seq, hash: Array(hash ?? Data()))
    }

    private func copy(_ database: Database, from: Int64, to: Int64) throws {
        let columns =
            "at, kind, actor, role, address, user_agent, thread_id, turn_id, item_id, request_id, content, previous, hash"
        try database.execute(
            sql: "INSERT INTO entries (seq, \(columns)) SELECT ?, \(columns) FROM entries WHERE seq = ?",
            arguments: [to, from])
    }

    /// Recomputes the hashes, which needs no key.
    private func rehash(_ database: Database, _ range: ClosedRange<Int64>) throws {
        for seq in range {
            let previous = try anchor(database, seq - 1).hash
            let content = try String.fetchOne(
                database, sql: "SELECT content FROM entries WHERE seq = ?", arguments: [seq])
            let hash = Chain.hash(seq: seq, previous: previous, content: Array((content ?? "").utf8))
            try database.execute(
                sql: "UPDATE entries SET previous = ?, hash = ? WHERE seq = ?",
                arguments: [Data(previous), Data(hash), seq])
        }
    }

    @Test func aNULBehindTheContentIsSeen() throws {
        let files = try makeLog()
        try files.tamper { database in
            try database.execute(
                sql: "UPDATE entries SET content = CAST(CAST(content AS BLOB) || x'0078' AS TEXT) WHERE seq = 7")
        }
        #expect(try files.verify().fault?.seq == 7)
    }

    @Test func anOlderCopyIsSeenOnlyWithAnAnchor() throws {
        let files = try makeLog()
        let old = try Data(contentsOf: URL(filePath: files.path))
        let log = try files.open()
        log.writeAndWait(.sample(99))
        log.close()
        let anchor = try #require(try files.verify().summary).head
        try old.write(to: URL(filePath: files.path))
        try FileManager.default.removeItem(atPath: files.path + "-head")
        #expect(try files.verify().fault == nil)
        #expect(try files.verify(expecting: anchor).fault?.kind == .expected)
        #expect(try files.verify(expecting: anchor).fault?.seq == Self.rows + 1)
        let wrong = AuditAnchor(seq: 5, hash: Chain.genesis)
        #expect(try files.verify(expecting: wrong).fault?.kind == .expected)
    }

    @Test func adamagedFileIsNoCrash() throws {
        let files = try makeLog()
        var bytes = try Data(contentsOf: URL(filePath: files.path))
        for index in stride(from: 4_096, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
        try bytes.write(to: URL(filePath: files.path))
        #expect(try files.verify().fault != nil)
        try Data("not a database, but long enough to look like a file with something in it".utf8)
            .write(to: URL(filePath: files.path))
        #expect(try files.verify().fault?.kind == .unreadable)
    }

    @Test func verifyLeavesNothingBeside() throws {
        let files = try makeLog()
        for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: files.path + end) }
        let before = try FileManager.default.contentsOfDirectory(atPath: files.directory.path).sorted()
        #expect(try files.verify().fault == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.directory.path).sorted() == before)
    }

    @Test func anchorsAreReadAgain() {
        let anchor = AuditAnchor(seq: 12, hash: Array(0..<32))
        #expect(AuditAnchor("\(anchor)") == anchor)
        for text in ["", "12", "12:", "x:\(anchor.hash.hexadecimal)", "12:0g", "-1:\(anchor.hash.hexadecimal)"] {
            #expect(AuditAnchor(text) == nil)
        }
    }
}
