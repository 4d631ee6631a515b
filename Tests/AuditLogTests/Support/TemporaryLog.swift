import AuditLog
import AuditRecord
import Dispatch
import Foundation
import GRDB
import JSON
import Synchronization

/// A log in its own temporary directory, which is removed with it.
final class TemporaryLog: Sendable {
    let directory: URL
    var path: String { directory.appending(path: "audit.db").path }
    var keyPath: String { directory.appending(path: "audit.key").path }
    var publicKeyPath: String { keyPath + ".pub" }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func copy() throws -> TemporaryLog {
        let other = try TemporaryLog()
        for (from, to) in [(path, other.path), (publicKeyPath, other.publicKeyPath)] {
            try FileManager.default.copyItem(atPath: from, toPath: to)
        }
        return other
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func open(_ change: (inout AuditLog.Options) -> Void = { _ in }) throws -> AuditLog {
        var options = AuditLog.Options()
        change(&options)
        return try AuditLog(path: path, keyPath: keyPath, options: options)
    }

    func verify(expecting: AuditAnchor? = nil) throws -> VerifyResult {
        try AuditLog.verify(path: path, publicKeyPath: publicKeyPath, expecting: expecting)
    }

    /// Tampers like an attacker with write access to the file, who removes the triggers first.
    func tamper(_ body: (Database) throws -> Void) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { database in
            let triggers = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
            try body(database)
        }
        try database.close()
    }

    func scalar(_ sql: String) throws -> Int? {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) }
    }
}

extension AuditLog {
    /// Waits until the entry is on disk or has failed.
    @discardableResult
    func writeAndWait(_ entry: AuditEntry) -> AuditFailure? {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<AuditFailure?>(nil)
        write(entry) { failure in
            result.withLock { $0 = failure }
            done.signal()
        }
        done.wait()
        return result.withLock { $0 }
    }
}

extension AuditEntry {
    static func sample(_ number: Int, thread: String? = "t1", text: String = "df -hP") -> AuditEntry {
        AuditEntry(
            .decision, at: 1_000 + Int64(number), actor: "alice", role: "approver", address: "10.0.0.7",
            userAgent: "test", threadID: thread, turnID: "turn", itemID: "item\(number)", requestID: "q\(number)",
            details: ["decision": "accept", "command": .string(text)])
    }
}

extension VerifyResult {
    var fault: Fault? { if case .bad(let fault) = self { fault } else { nil } }
    var summary: Summary? { if case .ok(let summary) = self { summary } else { nil } }
}
