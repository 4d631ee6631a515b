import GRDB
import JSON
public import Session
import Synchronization

/// Stores threads in a SQLite database, by default `STATE_DIR/threads.sqlite`.
///
/// Writes do not wait for the disk: a server crash loses nothing, but a power failure may lose the last writes.
public final class SQLiteThreadStore: ThreadStore, Sendable {
    private let queue: DatabaseQueue
    private let onFailure: @Sendable (String) -> Void
    /// Threads that could not be written, for the next attempt.
    private let unwritten = Mutex<[String: KeptThread]>([:])

    /// Creates the database if it does not exist, and then stores `since`: older threads may hold input from any
    /// author; 0 if no server ran before. `onFailure` gets a sentence when a write fails. Throws if the database can be
    /// neither opened nor created.
    public init(
        path: String, olderThan since: @autoclosure () -> Milliseconds, onFailure: @escaping @Sendable (String) -> Void
    ) throws {
        var configuration = Configuration()
        configuration.label = "threads"
        // Never waits for another program that reads the database.
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        self.onFailure = onFailure
        try queue.write { database in
            guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 else { return }
            try database.execute(
                sql: """
                    CREATE TABLE thread (
                        id TEXT PRIMARY KEY, speakers TEXT NOT NULL, parent TEXT, cwd TEXT, directory TEXT, roots TEXT
                    ) WITHOUT ROWID;
                    CREATE TABLE since (at INTEGER NOT NULL);
                    PRAGMA user_version = 1;
                    """)
            try database.execute(sql: "INSERT INTO since VALUES (?)", arguments: [since()])
        }
    }

    public func threads() throws -> KeptThreads {
        try queue.read { database in
            let since = try Int64.fetchOne(database, sql: "SELECT at FROM since") ?? 0
            var byID: [String: KeptThread] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT id, speakers, parent, cwd, directory, roots FROM thread")
            while let row = try rows.next() { byID[row[0]] = Self.thread(row) }
            return KeptThreads(byID: byID, since: since)
        }
    }

    public func keep(_ thread: KeptThread, id: String) {
        let all = unwritten.withLock { unwritten in
            unwritten[id] = thread
            return unwritten
        }
        do {
            try queue.write { database in
                for (id, thread) in all { try Self.write(thread, id, database) }
            }
            unwritten.withLock { unwritten in
                for (id, thread) in all where unwritten[id] == thread { unwritten[id] = nil }
            }
        } catch {
            onFailure("What is known of a thread cannot be written, and is tried again with the next: \(error)")
        }
    }

    private static func write(_ thread: KeptThread, _ id: String, _ database: Database) throws {
        try database.execute(
            sql:
                "INSERT OR REPLACE INTO thread (id, speakers, parent, cwd, directory, roots) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                id, thread.authors.names.joined(separator: ","), thread.parentID, thread.cwd,
                thread.place?.directory, thread.place.map { JSONValue.array($0.roots.map { .string($0) }).description },
            ])
    }

    private static func thread(_ row: Row) -> KeptThread {
        let names = (row[1] as String).split(separator: ",").map(String.init)
        let place = (row[4] as String?).map { directory -> ThreadPlace in
            let roots = (row[5] as String?).flatMap { try? JSONValue(parsing: $0) }?.arrayValue ?? []
            return ThreadPlace(directory: directory, roots: roots.compactMap(\.stringValue))
        }
        return KeptThread(authors: InputAuthors(names: names), parentID: row[2], cwd: row[3], place: place)
    }
}
