import AuditRecord
import Foundation
import GRDB

/// One verification of the whole log, in one read transaction: a snapshot, while the server keeps writing.
struct Verification {
    typealias Fault = VerifyResult.Fault

    let database: Database
    let key: SigningKey.PublicKey
    let expecting: AuditAnchor?

    func run() throws -> VerifyResult.Summary {
        let head = try checkedHead()
        var checkpoints = try checkedCheckpoints()
        let count = checkpoints.count
        let firstSeq = try Int64.fetchOne(database, sql: "SELECT min(seq) FROM entries")
        let start = try start(firstSeq, checkpoints, head)
        // Cuts whose rows were removed long ago: only their signatures can be checked.
        checkpoints.removeAll { $0.anchor.seq <= start.seq }
        let last = try walk(from: start, head: head?.anchor, checkpoints)
        try compare(last, with: head, after: start, checkpoints)
        return VerifyResult.Summary(
            count: Int(last.seq - start.seq), first: firstSeq, head: last, headAt: head?.at, checkpoints: count,
            expected: expecting.map { $0.seq > start.seq || $0 == start ? .found : .removed })
    }

    private func checkedHead() throws -> Head? {
        let rows = try Row.fetchAll(database, sql: "SELECT id, seq FROM head")
        let head: Head?
        do { head = try Head.fetch(database) } catch is AuditFailure {
            throw Fault(.head, rows.first?.integer(1) ?? 0, "The log's head is malformed.")
        }
        if let head, !head.isSigned(by: key) {
            let seq = head.anchor.seq
            throw Fault(.head, seq, "The log's head at row \(seq) is not signed with this key: it was forged.")
        }
        return head
    }

    private func checkedCheckpoints() throws -> [AuditCheckpoint] {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT seq, reason, hash, at, signature FROM checkpoints ORDER BY seq")
        var checkpoints: [AuditCheckpoint] = []
        while let row = try rows.next() {
            guard let checkpoint = AuditCheckpoint(row: row), checkpoint.isSigned(by: key) else {
                let seq = row.integer(0) ?? 0
                throw Fault(.checkpoint, seq, "The checkpoint at row \(seq) is not signed with this key.")
            }
            checkpoints.append(checkpoint)
        }
        return checkpoints
    }

    /// The position that the first row must follow: the start of the chain, or the newest cut.
    private func start(
        _ firstSeq: Int64?, _ checkpoints: [AuditCheckpoint], _ head: Head?
    ) throws -> AuditAnchor {
        let genesis = AuditAnchor(seq: 0, hash: Chain.genesis)
        let cut = checkpoints.last { $0.reason == .cut }?.anchor ?? genesis
        guard let firstSeq else { return cut }
        // An older cut is not valid in place of a newer one, because the rows between them have been removed.
        if firstSeq == cut.seq + 1 { return cut }
        if firstSeq > cut.seq {
            throw Fault(
                .cut, cut.seq + 1,
                "\(ChainReader.rows(cut.seq + 1, firstSeq - 1)) removed, and no signed cut covers that.")
        }
        throw Fault(.inserted, firstSeq, "Row \(firstSeq) is before the signed cut at row \(cut.seq).")
    }

    private func walk(
        from start: AuditAnchor, head: AuditAnchor?, _ checkpoints: [AuditCheckpoint]
    ) throws -> AuditAnchor {
        var chain = ChainReader(database, from: start)
        var signed = SignedPlaces(start: start, checkpoints: checkpoints, head: head, expecting: expecting)
        let cursor = try Row.fetchCursor(database, sql: StoredRow.selection + " ORDER BY seq")
        var current = try next(cursor, after: start.seq)
        while let row = current {
            let following = try next(cursor, after: row.seq)
            try chain.take(row, next: following, head: head)
            try signed.compare(row, next: following)
            current = following
        }
        return chain.last
    }

    private func next(_ cursor: RowCursor, after seq: Int64) throws -> StoredRow? {
        do {
            return try cursor.next().map(StoredRow.init)
        } catch let error as DatabaseError {
            throw Fault(.unreadable, seq + 1, "The file cannot be read after row \(seq): \(AuditLog.describe(error)).")
        }
    }

    /// Checks that every signed row exists.
    private func compare(
        _ last: AuditAnchor, with head: Head?, after start: AuditAnchor, _ checkpoints: [AuditCheckpoint]
    ) throws {
        guard let head = head?.anchor else {
            guard last.seq > 0 else { return }
            throw Fault(.head, last.seq, "The log has rows, but no signed head.")
        }
        if head.seq > last.seq {
            let first = last.seq + 1
            throw Fault(
                .missingTail, first,
                "\(ChainReader.rows(first, head.seq)) removed: the log ends at row \(last.seq), but its signed head "
                    + "is row \(head.seq).")
        }
        if let checkpoint = checkpoints.last, checkpoint.anchor.seq > last.seq {
            let (first, end) = (last.seq + 1, checkpoint.anchor.seq)
            throw Fault(
                .missingTail, first, "\(ChainReader.rows(first, end)) removed: there is a checkpoint at row \(end).")
        }
        if head.seq < last.seq {
            let first = head.seq + 1
            throw Fault(.inserted, first, "\(ChainReader.rows(first, last.seq)) added after the signed head.")
        }
        if let expecting, expecting.seq > last.seq {
            throw Fault.endsEarly(at: last.seq, before: expecting.seq)
        }
    }
}
