import AuditLog
import AuditRecord
import Foundation
import Testing

/// The database lacks rows that have been acknowledged. SQLite sees nothing wrong with it.
@Suite struct HeadFileTests {
    private let files: TemporaryLog
    private var head: String { files.path + "-head" }

    init() throws { files = try TemporaryLog() }

    private func write(_ count: Int) throws {
        let log = try files.open()
        for number in 0..<count { #expect(log.writeAndWait(.sample(number)) == nil) }
        log.close()
    }

    /// What a copy of the database alone holds while the server runs: everything is in its -wal file.
    private func loseTheWAL() throws {
        let log = try files.open()
        for number in 0..<5 { #expect(log.writeAndWait(.sample(number)) == nil) }
        let copy = try Data(contentsOf: URL(filePath: files.path))
        log.close()
        try copy.write(to: URL(filePath: files.path))
    }

    @Test func aDatabaseWithoutItsWALIsNoLog() throws {
        try loseTheWAL()
        let failure = #expect(throws: AuditFailure.self) { try files.open() }
        let text = try #require(failure).description
        #expect(text.contains("ends at row 0, but row 5") && text.contains("delete \(head)"), "\(text)")
        #expect(try files.verify().fault?.kind == .expected)
        #expect(try files.verify().fault?.description.contains("row 5 was signed earlier") == true)
    }

    @Test func theOperatorMayContinueWithIt() throws {
        try loseTheWAL()
        try FileManager.default.removeItem(atPath: head)
        try write(2)
        #expect(try files.verify().summary?.count == 2)
    }

    @Test func anOlderDatabaseIsNoLog() throws {
        try write(3)
        let older = try Data(contentsOf: URL(filePath: files.path))
        try write(3)
        try older.write(to: URL(filePath: files.path))
        #expect(throws: AuditFailure.self) { try files.open() }
        #expect(try files.verify().fault?.kind == .expected)
        #expect(try files.verify().fault?.seq == 4)
    }

    @Test func aMissingDatabaseIsNoNewLog() throws {
        try write(3)
        try FileManager.default.removeItem(atPath: files.path)
        #expect(throws: AuditFailure.self) { try files.open() }
    }

    /// After a power failure.
    @Test func aHeadFileThatIsBehindIsNoFault() throws {
        try write(3)
        let behind = try Data(contentsOf: URL(filePath: head))
        try write(3)
        try behind.write(to: URL(filePath: head))
        try write(1)
        #expect(try files.verify().summary?.count == 7)
    }

    @Test(arguments: ["nothing of ours", "3:00 1 00"])
    func aHeadThatIsNotSignedIsRefused(text: String) throws {
        try write(3)
        try Data(text.utf8).write(to: URL(filePath: head))
        #expect(throws: AuditFailure.self) { try files.open() }
        #expect(throws: AuditFailure.self) { try files.verify() }
    }

    @Test func anEmptyHeadFileIsWrittenAnew() throws {
        try write(3)
        try Data().write(to: URL(filePath: head))
        try write(1)
        #expect(try !Data(contentsOf: URL(filePath: head)).isEmpty)
    }

    @Test func aLostKeyIsNotReplaced() throws {
        try write(3)
        try FileManager.default.removeItem(atPath: files.keyPath)
        let failure = #expect(throws: AuditFailure.self) { try files.open() }
        #expect(failure?.description.contains("private key") == true)
        #expect(!FileManager.default.fileExists(atPath: files.keyPath))
    }
}
