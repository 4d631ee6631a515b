@testable import AuditLog
import AuditRecord
import Dispatch
import Foundation
import GRDB
import JSON
import Synchronization
import Testing

@Suite struct AuditLogTests {
    @Test func aRowIsTheWholeEntry() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        #expect(log.writeAndWait(.sample(1)) == nil)
        let row = try #require(try log.query().first)
        #expect(row.seq == 1)
        #expect(
            String(decoding: row.content, as: UTF8.self)
                == #"{"actor":"alice","address":"10.0.0.7","at":1001,"details":{"command":"df -hP","decision":"accept"},"#
                + #""itemId":"item1","kind":"decision","requestId":"q1","role":"approver","threadId":"t1","#
                + #""turnId":"turn","userAgent":"test"}"#)
        #expect(row.object["seq"] == 1)
        #expect(row.previous == Chain.genesis)
        #expect(row.hash == Chain.hash(seq: 1, previous: row.previous, content: row.content))
        log.close()
    }

    @Test func filesAreForTheOwnerAlone() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        log.writeAndWait(.sample(1))
        for path in [files.path, files.path + "-wal", files.keyPath] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(path)")
        }
        log.close()
    }

    @Test func theDatabaseIsSetUpToLast() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        try #require(log.store as? SQLiteLogStore).pool.writeWithoutTransaction { database in
            let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            let vacuum = try Int.fetchOne(database, sql: "PRAGMA auto_vacuum")
            #expect(synchronous == 2 && journal == "wal" && vacuum == 2)
        }
        log.close()
    }

    @Test func aKeyThatOthersMayReadIsRefused() throws {
        let files = try TemporaryLog()
        try files.open().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: files.keyPath)
        #expect(throws: AuditFailure.self) { try files.open() }
    }

    @Test func aLogWithoutItsKeyIsRefused() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        log.writeAndWait(.sample(1))
        log.close()
        try FileManager.default.removeItem(atPath: files.keyPath)
        try FileManager.default.removeItem(atPath: files.publicKeyPath)
        #expect(throws: AuditFailure.self) { try files.open() }
    }

    @Test func aKeyWithoutItsLogIsTold() throws {
        let files = try TemporaryLog()
        let first = try files.open()
        #expect(!first.isWithoutPast)
        first.close()
        let second = try files.open()
        #expect(!second.isWithoutPast)
        second.close()
        for end in ["", "-wal", "-shm", "-head"] { try? FileManager.default.removeItem(atPath: files.path + end) }
        let third = try files.open()
        #expect(third.isWithoutPast)
        third.close()
    }

    @Test func aLogGoesOnWhereItEnded() throws {
        let files = try TemporaryLog()
        for round in 0..<3 {
            let log = try files.open()
            for number in 0..<5 { log.note(.sample(round * 5 + number)) }
            #expect(log.close() == 0)
        }
        let summary = try #require(try files.verify().summary)
        #expect(summary.count == 15)
        #expect(summary.head.seq == 15)
        // One checkpoint at each shutdown.
        #expect(summary.checkpoints == 3)
    }

    @Test func rowsCannotBeChangedBySQL() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        for number in 0..<5 { log.note(.sample(number)) }
        log.close()
        let statements = [
            "UPDATE entries SET actor = 'bob' WHERE seq = 2", "DELETE FROM entries WHERE seq = 1",
            "DELETE FROM entries",
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 2",
            "INSERT INTO entries (seq, at, kind, content, previous, hash) VALUES (9, 1, 'alarm', '{}', x'00', x'00')",
            "DELETE FROM head", "UPDATE head SET seq = 2", "DELETE FROM checkpoints",
            "UPDATE checkpoints SET seq = 1",
        ]
        let database = try DatabaseQueue(path: files.path)
        for statement in statements {
            #expect(throws: DatabaseError.self, "\(statement)") {
                try database.write { try $0.execute(sql: statement) }
            }
        }
        try database.close()
        #expect(try files.verify().summary?.count == 5)
    }

    @Test func manyThreadsWriteAtOnce() throws {
        let files = try TemporaryLog()
        let checkpoints = Mutex<[AuditCheckpoint]>([])
        let log = try files.open { options in
            options.checkpointRows = 100
            options.onCheckpoint = { checkpoint in checkpoints.withLock { $0.append(checkpoint) } }
        }
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<100 {
                log.note(.sample(number, thread: "t\(thread)"))
                if number % 10 == 0, log.writeAndWait(.sample(number, thread: "t\(thread)")) != nil {
                    failures.withLock { $0 += 1 }
                }
            }
        }
        // Verifies a live log, with a WAL.
        #expect(try files.verify().fault == nil)
        log.close()
        #expect(failures.withLock { $0 } == 0)
        #expect(try files.verify().summary?.count == 880)
        // Each thread's entries are in order.
        let stored = try files.scalar(
            """
            SELECT count(*) FROM (SELECT at, lag(at) OVER (PARTITION BY thread_id ORDER BY seq) AS before FROM entries)
            WHERE at < before
            """)
        #expect(stored == 0)
        let anchors = checkpoints.withLock { $0 }.map(\.anchor)
        #expect(anchors.count >= 2)
        #expect(anchors.last?.seq == 880)
        for anchor in anchors { #expect(try files.verify(expecting: anchor).summary?.expected == .found) }
    }

    @Test func twoLogsShareOneFile() throws {
        // As the server and `token create` in another process.
        let files = try TemporaryLog()
        let first = try files.open(), second = try files.open()
        for number in 0..<20 {
            #expect((number % 2 == 0 ? first : second).writeAndWait(.sample(number)) == nil)
        }
        first.close()
        #expect(second.writeAndWait(.sample(20)) == nil)
        second.close()
        #expect(try files.verify().summary?.count == 21)
    }

    @Test func aForgedHeadIsNotFollowed() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        for number in 0..<3 { log.writeAndWait(.sample(number)) }
        try files.tamper {
            try $0.execute(sql: "UPDATE head SET seq = 2, hash = (SELECT hash FROM entries WHERE seq = 2)")
        }
        #expect(log.writeAndWait(.sample(4)) != nil)
        #expect(log.failure?.contains("not signed") == true)
        log.close()
        #expect(throws: AuditFailure.self) { try files.open() }
    }

    @Test func closedMeansClosed() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        log.close()
        log.note(.sample(1))
        #expect(log.writeAndWait(.sample(2)) != nil)
        #expect(log.close() == 0)
    }
}
