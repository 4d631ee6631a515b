@testable import AuditLog
import AuditRecord
import Foundation
import GRDB
import Testing

@Suite struct DiskFaultTests {
    /// `max_page_count` makes SQLite return SQLITE_FULL, as on a full disk.
    private func limit(_ log: AuditLog, pages: Int) throws {
        let store = try #require(log.store as? SQLiteLogStore)
        _ = try store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(pages)") }
    }

    @Test func aFullDiskFailsWritesAndKeepsNotes() async throws {
        let files = try TemporaryLog()
        let log = try files.open { $0.queuedEntries = 200 }
        #expect(log.writeAndWait(.sample(0)) == nil)
        try limit(log, pages: 1)
        let big = String(repeating: "x", count: 20_000)
        #expect(log.writeAndWait(.sample(1, text: big)) != nil)
        #expect(log.failure?.contains("full") == true)
        for number in 0..<250 { log.note(.sample(number, text: big)) }
        // A write gets its result even if more notes than fit in a batch are queued before it.
        #expect(log.writeAndWait(.sample(2)) != nil)
        // A batch that fails returns to the queue, which may be full by then.
        #expect(log.queuedCount <= 1_200)
        try limit(log, pages: 1_000_000)
        while log.failure != nil || log.queuedCount > 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(log.writeAndWait(.sample(3)) == nil)
        #expect(log.close() == 0)
        #expect(try files.verify().fault == nil)
        let dropped = try files.scalar(
            "SELECT sum(json_extract(content, '$.details.dropped')) FROM entries WHERE kind = 'record.gap'")
        let kept = try files.scalar("SELECT count(*) FROM entries WHERE kind = 'decision'")
        // The first, the last, and the notes that fitted in the queue.
        #expect(try #require(kept) >= 202 && #require(kept) + #require(dropped) == 252)
    }

    @Test func aFullQueueRefusesWrites() throws {
        let files = try TemporaryLog()
        let log = try files.open { $0.queuedEntries = 3 }
        try limit(log, pages: 1)
        for number in 0..<10 { log.note(.sample(number, text: String(repeating: "x", count: 20_000))) }
        #expect(log.writeAndWait(.sample(11)) != nil)
        // Three were queued, seven were dropped.
        #expect(log.close() == 10)
    }

    @Test func aRemovedFileFailsClosedAndComesBack() async throws {
        let files = try TemporaryLog()
        let log = try files.open()
        #expect(log.writeAndWait(.sample(1)) == nil)
        try FileManager.default.moveItem(atPath: files.path, toPath: files.path + ".gone")
        #expect(log.writeAndWait(.sample(2)) != nil)
        #expect(log.failure?.contains("removed or replaced") == true)
        try FileManager.default.moveItem(atPath: files.path + ".gone", toPath: files.path)
        #expect(log.writeAndWait(.sample(3)) == nil)
        #expect(log.failure == nil)
        log.close()
        #expect(try files.verify().summary?.count == 2)
    }

    @Test func aRemovedJournalFailsClosed() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        #expect(log.writeAndWait(.sample(1)) == nil)
        try FileManager.default.removeItem(atPath: files.path + "-wal")
        #expect(log.writeAndWait(.sample(2)) != nil)
        log.close()
    }

    /// Starts the executable that is built next to the tests.
    private func helper(_ mode: String, _ files: TemporaryLog) throws -> (process: Process, output: FileHandle) {
        let process = Process(), pipe = Pipe()
        process.executableURL = Bundle.main.bundleURL.appending(path: "audit-bench")
        process.arguments = [mode, files.directory.path]
        process.standardOutput = pipe
        try process.run()
        return (process, pipe.fileHandleForReading)
    }

    @Test func anUnwritableFileSystemIsSurvived() throws {
        let files = try TemporaryLog()
        let (process, output) = try helper("full", files)
        let text = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("failing The audit log cannot be written"))
        #expect(text.contains("refused"))
        #expect(text.contains("lost 0"))
        let notes = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("notes ") }.flatMap { Int($0.dropFirst(6)) })
        #expect(try files.verify().summary?.count == notes + 1)
    }

    @Test(arguments: [40, 150, 333])
    func aKilledServerLosesNothingItAcknowledged(after count: Int) throws {
        let files = try TemporaryLog()
        let (process, output) = try helper("write", files)
        var acknowledged = 0
        while acknowledged < count {
            let data = output.availableData
            if data.isEmpty { break }
            acknowledged += data.count { $0 == UInt8(ascii: "\n") }
        }
        kill(process.processIdentifier, SIGKILL)
        acknowledged += (try output.readToEnd() ?? Data()).count { $0 == UInt8(ascii: "\n") }
        process.waitUntilExit()
        #expect(acknowledged >= count)
        let summary = try #require(try files.verify().summary)
        // Twenty notes of its thread were queued before each write.
        #expect(summary.count >= acknowledged * 21)
        let log = try files.open()
        #expect(log.writeAndWait(.sample(1)) == nil)
        log.close()
        #expect(try files.verify().summary?.head.seq == summary.head.seq + 1)
    }
}
