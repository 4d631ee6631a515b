import Foundation
import GRDB
import Session
import StateStore
import Synchronization
import Testing

struct SQLiteThreadStoreTests {
    private static func store(_ directory: String, now: Milliseconds = 0) throws -> SQLiteThreadStore {
        try SQLiteThreadStore(path: "\(directory)/threads.sqlite", now: now) {
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
            store.keep(KeptThread(authors: .unknown), id: "u")
            store.keep(KeptThread(), id: "v")
            store.keep(KeptThread(place: ThreadPlace(directory: "/", roots: [])), id: "v")
            let again = try Self.store(place.path).threads()
            #expect(again.byID["t"] == thread)
            #expect(again.byID["u"]?.authors == .unknown && again.byID["u"]?.place == nil)
            #expect(again.byID["v"]?.place == ThreadPlace(directory: "/", roots: []))
            #expect(again.byID.count == 3)
        }
    }

    @Test func sinceIsWhenTheDatabaseWasMade() throws {
        try Place.with { place in
            let first = try Self.store(place.path, now: 5).threads()
            let second = try Self.store(place.path, now: 9).threads()
            #expect(first.since == 5 && second.since == 5)
        }
    }

    @Test func whatCannotBeWrittenIsSaidAndTriedAgain() throws {
        try Place.with { place in
            let path = "\(place.path)/threads.sqlite"
            let said = Mutex<[String]>([])
            let store = try SQLiteThreadStore(path: path, now: 0) { text in said.withLock { $0.append(text) } }
            try DatabaseQueue(path: path).inDatabase { database in
                try database.execute(sql: "BEGIN EXCLUSIVE")
                store.keep(KeptThread(cwd: "/a", place: ThreadPlace(directory: "/a", roots: [])), id: "t")
                try database.execute(sql: "ROLLBACK")
            }
            #expect(said.withLock(\.count) == 1 && store.failure != nil)
            store.flush()
            let flushed = try Self.store(place.path).threads().byID
            #expect(flushed["t"]?.cwd == "/a" && store.failure == nil)
            store.keep(KeptThread(cwd: "/b", place: ThreadPlace(directory: "/b", roots: [])), id: "u")
            let kept = try Self.store(place.path).threads().byID
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
