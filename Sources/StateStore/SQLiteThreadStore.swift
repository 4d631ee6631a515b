import GRDB
import JSON
import SQLiteFiles
public import Session
import Synchronization

/// Stores threads in a SQLite database, by default `STATE_DIR/threads.sqlite`.
///
/// Writes do not wait for the disk: a server crash loses nothing, but a power failure may lose the last writes.
public final class SQLiteThreadStore: ThreadStore, Sendable {
    private let queue: DatabaseQueue
    private let onFailure: @Sendable (String) -> Void
    private struct Unwritten {
        /// Threads that could not be written, for the next attempt.
        var threads: [String: KeptThread] = [:]
        /// Why the last attempt failed.
        var failure: String?
    }

    private let unwritten = Mutex(Unwritten())
    private let files: Mutex<DatabaseFiles>

    /// Creates the database if it does not exist. `onFailure` gets a sentence when writes begin to fail. Throws if the
    /// database can be neither opened nor created.
    public init(path: String, onFailure: @escaping @Sendable (String) -> Void) throws {
        var configuration = Configuration()
        configuration.label = "threads"
        // Never waits for another program that reads the database.
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        var files = try DatabaseFiles(path: path)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.onFailure = onFailure
        try queue.write { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            if version < 1 {
                try database.execute(
                    sql: """
                        CREATE TABLE thread (
                            id TEXT PRIMARY KEY, speakers TEXT NOT NULL, parent TEXT, cwd TEXT, directory TEXT, roots TEXT
                        ) WITHOUT ROWID;
                        """)
            }
            if version < 2 {
                try database.execute(sql: "ALTER TABLE thread ADD COLUMN sandbox TEXT; PRAGMA user_version = 2;")
            }
        }
        files.remember()
        self.files = Mutex(files)
    }

    public func threads() throws -> [String: KeptThread] {
        try queue.read { database in
            var byID: [String: KeptThread] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT id, speakers, parent, cwd, directory, roots, sandbox FROM thread")
            while let row = try rows.next() { byID[row[0]] = Self.thread(row) }
            return byID
        }
    }

    public func keep(_ thread: KeptThread, id: String) {
        unwritten.withLock { $0.threads[id] = thread }
        flush()
    }

    /// Why threads cannot be written at the moment; nil while they can. If the server were killed now, it would forget
    /// whose input some threads hold.
    public var failure: String? { unwritten.withLock(\.failure) }

    /// Checks the files, and tries again to write what could not be written. Called every second, and when the server
    /// stops.
    public func flush() {
        let all = unwritten.withLock(\.threads)
        do {
            try files.withLock { try $0.check() }
            if !all.isEmpty {
                try queue.write { database in
                    for (id, thread) in all { try Self.write(thread, id, database) }
                }
            }
            unwritten.withLock { unwritten in
                for (id, thread) in all where unwritten.threads[id] == thread { unwritten.threads[id] = nil }
                if unwritten.threads.isEmpty { unwritten.failure = nil }
            }
        } catch {
            let isNew = unwritten.withLock { unwritten in
                defer { unwritten.failure = "\(error)" }
                return unwritten.failure == nil
            }
            if isNew { onFailure("The state of threads cannot be written, and is tried again every second: \(error)") }
        }
    }

    private static func write(_ thread: KeptThread, _ id: String, _ database: Database) throws {
        try database.execute(
            sql:
                """
                INSERT OR REPLACE INTO thread (id, speakers, parent, cwd, directory, roots, sandbox)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, thread.authors.names.joined(separator: ","), thread.parentID, thread.cwd,
                thread.place?.directory, thread.place.map { JSONValue.array($0.roots.map { .string($0) }).description },
                thread.sandbox?.rawValue,
            ])
    }

    private static func thread(_ row: Row) -> KeptThread {
        let names = (row[1] as String).split(separator: ",").map(String.init)
        let place = (row[4] as String?).map { directory -> ThreadPlace in
            let roots = (row[5] as String?).flatMap { try? JSONValue(parsing: $0) }?.arrayValue ?? []
            return ThreadPlace(directory: directory, roots: roots.compactMap(\.stringValue))
        }
        return KeptThread(
            authors: InputAuthors(names: names), parentID: row[2], cwd: row[3], place: place,
            sandbox: (row[6] as String?).flatMap(SandboxMode.init(rawValue:)))
    }
}
