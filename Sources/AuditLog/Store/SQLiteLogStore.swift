import AuditRecord
import Foundation
import GRDB
import SQLiteFiles
import Synchronization

/// The rows in a SQLite database, by default `STATE_DIR/audit.sqlite`.
final class SQLiteLogStore: Sendable {
    let pool: DatabasePool
    let key: SigningKey
    let isNew: Bool
    private let file: Mutex<DatabaseFiles>
    private let headFile: HeadFile
    /// The head after this process's last commit.
    private let known: Mutex<AuditAnchor?>

    init(path: String, key: SigningKey) throws {
        isNew = !DatabaseFiles.hasContent(path)
        var file = try DatabaseFiles(path: path)
        headFile = try HeadFile(besideDatabase: path)
        var configuration = Configuration()
        configuration.label = "audit"
        configuration.maximumReaderCount = 3
        // Another process of ours may write too: `token create`.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            // Takes effect only before the first table is created; without it the file could never shrink.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_size_limit = 16777216")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        self.key = key
        known = Mutex(nil)
        // GRDB's default is NORMAL, which may lose the last commits in a power failure.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try pool.writeInTransaction(.immediate) { database in
            try Schema.create(in: database)
            return .commit
        }
        file.remember()
        self.file = Mutex(file)
        try pool.read { database in
            try headFile.check(key.publicKey, lastRow: try currentHead(database).seq) { seq in
                try Row.fetchOne(database, sql: "SELECT hash FROM entries WHERE seq = ?", arguments: [seq])?.blob(0)
            }
        }
    }

    func append(
        _ entries: [PreparedEntry], at now: Int64,
        checkpoint reason: (_ last: AuditCheckpoint?, _ head: AuditAnchor) -> AuditCheckpoint.Reason?
    ) throws -> AuditCheckpoint? {
        try file.withLock { try $0.check() }
        var head: AuditAnchor?
        var signed: Head?
        var made: AuditCheckpoint?
        try pool.writeInTransaction(.immediate) { database in
            let before = try currentHead(database)
            let after = try insert(entries, after: before, in: database)
            head = after
            guard after.seq > 0 else { return .commit }
            if after != before {
                let head = Head(anchor: after, at: now, signature: try key.sign(SignedText.head(after, at: now)))
                try head.store(in: database)
                signed = head
            }
            if let reason = reason(try AuditCheckpoint.fetchNewest(database), after) {
                made = try key.checkpoint(reason, after, at: now)
                try made?.store(in: database)
            }
            return .commit
        }
        if let head { known.withLock { $0 = head } }
        if let signed { headFile.write(signed) }
        return made
    }

    /// Leaves one file: moves the WAL's content into the database, so that the file can be copied and read by itself.
    func close() {
        _ = try? pool.writeWithoutTransaction { try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try? pool.close()
    }

    private func insert(
        _ entries: [PreparedEntry], after head: AuditAnchor, in database: Database
    ) throws -> AuditAnchor {
        let statement = try database.cachedStatement(sql: Self.insertion)
        var (seq, previous) = (head.seq, head.hash)
        for entry in entries {
            seq += 1
            let hash = Chain.hash(seq: seq, previous: previous, content: entry.content)
            var values: [(any DatabaseValueConvertible)?] = [seq, entry.columns.at]
            values.append(contentsOf: entry.columns.values.map { $0 })
            values.append(String(decoding: entry.content, as: UTF8.self))
            values.append(Data(previous))
            values.append(Data(hash))
            try statement.execute(arguments: StatementArguments(values))
            previous = hash
        }
        return AuditAnchor(seq: seq, hash: previous)
    }

    private static let insertion = """
        INSERT INTO entries (seq, at, \(Columns.texts.map(\.column).joined(separator: ", ")), content, previous, hash)
        VALUES (\(Array(repeating: "?", count: Columns.texts.count + 5).joined(separator: ", ")))
        """

    /// The head to append to. Throws if the head is not ours: the next signature would make a forged chain genuine.
    func currentHead(_ database: Database) throws -> AuditAnchor {
        let known = known.withLock { $0 }
        guard let head = try Head.fetch(database) else {
            let rows = try Int.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM entries)") ?? 0
            guard known == nil, rows == 0 else { throw AuditFailure("the log's head is missing") }
            return AuditAnchor(seq: 0, hash: Chain.genesis)
        }
        if head.anchor == known { return head.anchor }
        guard head.isSigned(by: key.publicKey) else {
            throw AuditFailure("the log's head at row \(head.anchor.seq) is not signed with the key of this log")
        }
        let last = try Row.fetchOne(database, sql: "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")
        guard last?.integer(0) == head.anchor.seq, last?.blob(1) == head.anchor.hash else {
            throw AuditFailure("the log does not end at row \(head.anchor.seq), as its signed head says")
        }
        // Another process of ours may have advanced it, but never moved it back.
        if let known, known.seq >= head.anchor.seq {
            throw AuditFailure("the log was rolled back from row \(known.seq) to row \(head.anchor.seq)")
        }
        return head.anchor
    }
}
