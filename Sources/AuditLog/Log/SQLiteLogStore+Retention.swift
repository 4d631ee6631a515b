import AuditRecord
import GRDB

extension SQLiteLogStore {
    /// Limits of a step: one transaction must not delay queued decisions for long.
    private static let stepRows = 5_000
    private static let stepPages = 2_000
    /// A row's size beyond its content: its indexes and half-empty pages. Deliberately too large, so that a step does
    /// not remove too many rows. The size is measured again after each step.
    private static let rowOverhead = 1_000

    func removeOldest(_ retention: AuditLog.Retention, at now: Int64) throws -> RetentionStep? {
        var step: RetentionStep?
        try pool.writeInTransaction(.immediate) { database in
            let head = try currentHead(database)
            let oldest = now - (retention.maxAge ?? 0)
            let surplus = try surplus(retention, database)
            let start = try newestCut(database)
            var chain = ChainReader(database, from: start)
            var freed = 0
            let rows = try Row.fetchCursor(
                database, sql: StoredRow.selection + " WHERE seq < ? ORDER BY seq LIMIT ?",
                arguments: [head.seq, Self.stepRows])
            while let row = try rows.next().map(StoredRow.init) {
                let isOld = retention.maxAge != nil && (row.at ?? .max) < oldest
                guard isOld || freed < surplus else { break }
                do { try chain.take(row, next: nil, head: head) } catch let fault as VerifyResult.Fault {
                    throw AuditFailure(fault.description)
                }
                freed += 2 * row.content.count + Self.rowOverhead
            }
            guard chain.last.seq > start.seq else { return .commit }
            try checkSuccessor(of: chain.last, database)
            let cut = try key.checkpoint(.cut, chain.last, at: now)
            try cut.store(in: database)
            try database.execute(sql: "DELETE FROM entries WHERE seq <= ?", arguments: [cut.anchor.seq])
            // Old cuts stay, so that anchors stored elsewhere can still be compared with them.
            try database.execute(
                sql: "DELETE FROM checkpoints WHERE seq < ? AND reason <> 'cut'", arguments: [cut.anchor.seq])
            step = RetentionStep(cut: cut, count: Int(cut.anchor.seq - start.seq))
            return .commit
        }
        return step
    }

    func shrink() throws -> Bool {
        try pool.writeWithoutTransaction { database in
            let before = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            guard before > 0 else { return false }
            try database.execute(sql: "PRAGMA incremental_vacuum(\(Self.stepPages))")
            // The file shrinks only when the pages leave the WAL. PASSIVE does not wait for readers.
            _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")
            let after = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            return after < before
        }
    }

    /// Bytes to remove: down to nine tenths of the limit, so that rows are not removed every hour.
    private func surplus(_ retention: AuditLog.Retention, _ database: Database) throws -> Int {
        guard let limit = retention.maxBytes else { return 0 }
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let used = (pages - free) * size
        return used > limit ? used - limit / 10 * 9 : 0
    }

    private func newestCut(_ database: Database) throws -> AuditAnchor {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT seq, reason, hash, at, signature FROM checkpoints WHERE reason = 'cut' ORDER BY seq DESC LIMIT 1
                """)
        guard let row else { return AuditAnchor(seq: 0, hash: Chain.genesis) }
        guard let cut = AuditCheckpoint(row: row), cut.isSigned(by: key.publicKey) else {
            throw AuditFailure("the last cut is not signed with the key of this log")
        }
        return cut.anchor
    }

    /// The last removed row may have been edited together with its hash; only the next row reveals that.
    private func checkSuccessor(of last: AuditAnchor, _ database: Database) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT previous FROM entries WHERE seq = ?", arguments: [last.seq + 1])
        guard row?.blob(0) == last.hash else {
            throw AuditFailure("row \(last.seq + 1) does not follow row \(last.seq)")
        }
    }
}
