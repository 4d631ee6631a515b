import GRDB

/// The tables. The triggers guard against mistakes only: a user who can write the file can drop them, and then the
/// chain reveals changes.
enum Schema {
    static let version = 1

    /// Does nothing if the tables exist.
    static func create(in database: Database) throws {
        let present = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard present == 0 else {
            guard present == version else {
                throw DatabaseError(message: "the log has format \(present); this program knows format \(version)")
            }
            return
        }
        try database.execute(sql: tables + triggers + "PRAGMA user_version = \(version);")
    }

    // The writer assigns `seq`, so that there are no gaps. `head` has one row: the end of the log.
    private static let tables = """
        CREATE TABLE entries (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            actor TEXT, role TEXT, address TEXT, user_agent TEXT,
            thread_id TEXT, turn_id TEXT, item_id TEXT, request_id TEXT,
            content TEXT NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL
        );
        CREATE INDEX entries_thread ON entries (thread_id) WHERE thread_id IS NOT NULL;
        CREATE INDEX entries_at ON entries (at);
        CREATE INDEX entries_kind ON entries (kind);
        CREATE TABLE head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL
        );
        CREATE TABLE checkpoints (
            seq INTEGER NOT NULL, reason TEXT NOT NULL,
            hash BLOB NOT NULL, at INTEGER NOT NULL, signature BLOB NOT NULL,
            PRIMARY KEY (seq, reason)
        ) WITHOUT ROWID;

        """

    // Rows may be deleted up to the newest cut, and a cut is a signed row that is never deleted. The rule about `seq`
    // also catches INSERT OR REPLACE, whose deletion fires no trigger.
    private static let triggers = """
        CREATE TRIGGER entries_insert BEFORE INSERT ON entries
        WHEN NEW.seq IS NOT 1 + coalesce((SELECT max(seq) FROM entries), (SELECT seq FROM head), 0)
        BEGIN SELECT raise(ABORT, 'audit rows are only appended'); END;
        CREATE TRIGGER entries_update BEFORE UPDATE ON entries
        BEGIN SELECT raise(ABORT, 'audit rows are never changed'); END;
        CREATE TRIGGER entries_delete BEFORE DELETE ON entries
        WHEN OLD.seq > coalesce((SELECT max(seq) FROM checkpoints WHERE reason = 'cut'), 0)
        BEGIN SELECT raise(ABORT, 'audit rows are only removed behind a cut'); END;
        CREATE TRIGGER checkpoints_update BEFORE UPDATE ON checkpoints
        BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END;
        CREATE TRIGGER checkpoints_insert BEFORE INSERT ON checkpoints
        WHEN EXISTS (SELECT 1 FROM checkpoints WHERE seq = NEW.seq AND reason = NEW.reason)
        BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END;
        CREATE TRIGGER checkpoints_delete BEFORE DELETE ON checkpoints
        WHEN OLD.reason = 'cut'
            OR OLD.seq >= coalesce((SELECT max(seq) FROM checkpoints WHERE reason = 'cut'), 0)
        BEGIN SELECT raise(ABORT, 'checkpoints are only removed behind a cut'); END;
        CREATE TRIGGER head_update BEFORE UPDATE ON head WHEN NEW.seq < OLD.seq
        BEGIN SELECT raise(ABORT, 'the head only moves on'); END;
        CREATE TRIGGER head_delete BEFORE DELETE ON head
        BEGIN SELECT raise(ABORT, 'the head stays'); END;

        """
}
