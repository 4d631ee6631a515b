import Foundation
import GRDB
import Session
import StateStore
import Synchronization
import Testing

struct SQLiteThreadStoreTests {
    private static func store(_ directory: String) throws -> SQLiteThreadStore {
        try SQLiteThreadStore(path: "\(directory)/threads.sqlite") {
            Issue.record("not written: \($0)")
        }
    }

    @Test func whatIsKeptIsThereAfterwards() throws {
        try Place.with { place in
            let thread = KeptThread(
                authors: InputAuthors(names: ["local", "operator"]), parentID: "p", cwd: "/w/link",
                place: ThreadPlace(directory: "/w/a", roots: ["/w/b", "/w/c d"]))
            let store = try Self.store(place.path)
            store.keep(thread, id: "t")
            store.keep(KeptThread(authors: .unknown, sandbox: .readOnly), id: "u")
            store.keep(KeptThread(), id: "v")
            store.keep(KeptThread(place: ThreadPlace(directory: "/", roots: [])), id: "v")
            let again = try Self.store(place.path).threads()
            #expect(again["t"] == thread)
            #expect(again["u"]?.authors == .unknown && again["u"]?.place == nil && again["u"]?.sandbox == .readOnly)
            #expect(again["v"]?.place == ThreadPlace(directory: "/", roots: []))
            #expect(again.count == 3)
        }
    }

    /// SQLite would keep writing into the removed file without an error.
    @Test(arguments: ["", "-wal"]) func aRemovedFileIsAFailure(_ end: String) throws {
        try Place.with { place in
            let path = "\(place.path)/threads.sqlite"
            let said = Mutex<[String]>([])
            let store = try SQLiteThreadStore(path: path) { text in said.withLock { $0.append(text) } }
            store.keep(KeptThread(cwd: "/a"), id: "t")
            store.flush()
            #expect(store.failure == nil)
            try FileManager.default.removeItem(atPath: path + end)
            store.flush()
            store.flush()
            #expect(store.failure?.contains("has been removed or replaced") == true)
            #expect(said.withLock(\.count) == 1)
        }
    }

    @Test func aDatabaseOfAnEarlierVersionGoesOn() throws {
        try Place.with { place in
            let path = "\(place.path)/threads.sqlite"
            try DatabaseQueue(path: path).write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE thread (
                            id TEXT PRIMARY KEY, speakers TEXT NOT NULL, parent TEXT, cwd TEXT, directory TEXT, roots TEXT
                        ) WITHOUT ROWID;
                        INSERT INTO thread VALUES ('t', 'local', NULL, '/a', '/a', '[]');
                        PRAGMA user_version = 1;
                        """)
            }
            let store = try Self.store(place.path)
            store.keep(KeptThread(sandbox: .readOnly), id: "u")
            let threads = try store.threads()
            #expect(threads["t"]?.cwd == "/a" && threads["t"]?.sandbox == nil)
            #expect(threads["u"]?.sandbox == .readOnly)
        }
    }

    @Test func whatCannotBeWrittenIsSaidAndTriedAgain() throws {
        try Place.with { place in
            let path = "\(place.path)/threads.sqlite"
            let said = Mutex<[String]>([])
            let store = try SQLiteThreadStore(path: path) { text in said.withLock { $0.append(text) } }
            try DatabaseQueue(path: path).inDatabase { database in
                try database.execute(sql: "BEGIN EXCLUSIVE")
                store.keep(KeptThread(cwd: "/a", place: ThreadPlace(directory: "/a", roots: [])), id: "t")
                try database.execute(sql: "ROLLBACK")
            }
            #expect(said.withLock(\.count) == 1 && store.failure != nil)
            store.flush()
            let flushed = try Self.store(place.path).threads()
            #expect(flushed["t"]?.cwd == "/a" && store.failure == nil)
            store.keep(KeptThread(cwd: "/b", place: ThreadPlace(directory: "/b", roots: [])), id: "u")
            let kept = try Self.store(place.path).threads()
            #expect(kept["t"]?.cwd == "/a" && kept["u"]?.cwd == "/b")
        }
    }
}

private struct Place {
    let path: String

    static func with(_ body: (Place) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(Place(path: path))
    }
}
