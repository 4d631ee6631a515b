@testable import AuditLog
import AuditRecord
import Foundation
import GRDB
import Synchronization
import Testing

@Suite struct RetentionTests {
    @Test func oldRowsGoAndTheChainHolds() throws {
        let files = try TemporaryLog()
        let checkpoints = Mutex<[AuditCheckpoint]>([])
        let log = try files.open {
            $0.now = { 2_000 }
            $0.checkpointRows = 50
            $0.batchSize = 25
            $0.onCheckpoint = { checkpoint in checkpoints.withLock { $0.append(checkpoint) } }
        }
        for number in 0..<300 { log.note(.sample(number)) }
        log.writeAndWait(.sample(300))
        // Row n has the time 999 + n.
        #expect(try log.retain(maxAge: 900) == 100)
        #expect(try log.retain(maxAge: 900) == 0)
        #expect(try files.verify().summary?.first == 101)
        #expect(try log.retain(maxAge: 800) == 100)
        log.writeAndWait(.sample(301))
        let summary = try #require(try files.verify().summary)
        #expect(summary.first == 201)
        #expect(summary.count == 102)
        let all = checkpoints.withLock { $0 }
        #expect(all.count { $0.reason == .cut } == 2)
        let cut = try #require(all.last { $0.reason == .cut }).anchor
        #expect(cut.seq == 200)
        #expect(try files.verify(expecting: cut).summary?.expected == .found)
        let early = try #require(all.first).anchor
        #expect(early.seq < 200)
        #expect(try files.verify(expecting: early).summary?.expected == .removed)
        log.close()
        #expect(try files.verify().fault == nil)
    }

    @Test func theNewestRowStays() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        for number in 0..<10 { log.note(.sample(number)) }
        log.writeAndWait(.sample(10))
        #expect(try log.retain(maxAge: 0) == 10)
        #expect(log.writeAndWait(.sample(11)) == nil)
        log.close()
        #expect(try files.verify().summary?.count == 2)
    }

    @Test func theFileReallyShrinks() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        let big = String(repeating: "word ", count: 2_000)
        for number in 0..<400 { log.note(.sample(number, text: big)) }
        log.writeAndWait(.sample(400))
        let limit = 1 << 20
        #expect(try log.retain(maxBytes: limit) > 200)
        log.close()
        let size = try FileManager.default.attributesOfItem(atPath: files.path)[.size] as? Int
        #expect(size ?? .max <= limit)
        #expect(size ?? 0 > limit / 2)
        #expect(try files.verify().fault == nil)
    }

    @Test func itRunsAtTheStart() throws {
        let files = try TemporaryLog()
        let first = try files.open()
        for number in 0..<20 { first.note(.sample(number)) }
        first.close()
        let second = try files.open { $0.retention = AuditLog.Retention(maxAge: 1_000) }
        // Queued behind the retention run.
        second.writeAndWait(.sample(20))
        second.close()
        // The newest row stays; which row is the newest depends on the order of the writers.
        #expect(try files.verify().summary?.first ?? 0 >= 20)
    }

    @Test func editedRowsAreKeptAsEvidence() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        for number in 0..<20 { log.note(.sample(number)) }
        log.close()
        try files.tamper {
            try $0.execute(sql: "UPDATE entries SET content = replace(content, 'df', 'rm') WHERE seq = 5")
        }
        let again = try files.open()
        #expect(throws: AuditFailure.self) { try again.retain(maxAge: 0) }
        #expect(again.retentionFailure?.contains("Row 5") == true)
        again.close()
        #expect(try files.verify().fault?.seq == 5)
    }

    @Test func rowsRemovedBeyondTheCutAreSeen() throws {
        let files = try TemporaryLog()
        let log = try files.open { $0.now = { 2_000 } }
        for number in 0..<100 { log.note(.sample(number)) }
        log.writeAndWait(.sample(100))
        try log.retain(maxAge: 960)
        log.close()
        try files.tamper { try $0.execute(sql: "DELETE FROM entries WHERE seq <= 45") }
        let fault = try #require(try files.verify().fault)
        #expect(fault.kind == .cut)
        #expect(fault.seq == 41)
    }
}
