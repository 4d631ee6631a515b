import GRDB

/// Reads the rows in order and checks that each follows the previous one. ``Verification`` compares the signed
/// positions.
struct ChainReader {
    typealias Fault = VerifyResult.Fault

    let database: Database
    /// The last valid row.
    private(set) var last: AuditAnchor
    /// The previous hash of that row.
    private var beforeLast: [UInt8]?

    init(_ database: Database, from anchor: AuditAnchor) {
        self.database = database
        last = anchor
    }

    /// Checks the next row and throws its fault. `next` is the row after it.
    mutating func take(_ row: StoredRow, next: StoredRow?, head: AuditAnchor?) throws {
        guard row.seq == last.seq + 1 else {
            throw row.seq > last.seq
                ? Fault(.removed, last.seq + 1, "\(Self.rows(last.seq + 1, row.seq - 1)) removed.")
                : Fault(.inserted, row.seq, "Row \(row.seq) is before the first row of the log.")
        }
        guard row.previous == last.hash, row.isWhole else { throw try cause(row, next: next, head: head) }
        if let column = row.wrongColumn {
            throw Fault(.column, row.seq, "Row \(row.seq): the column \(column) does not match the content.")
        }
        beforeLast = last.hash
        last = row.anchor
    }

    /// The chain breaks at this row; the fault may be in the previous one.
    private func cause(_ row: StoredRow, next: StoredRow?, head: AuditAnchor?) throws -> Fault {
        let seq = row.seq
        if row.previous == last.hash {
            return Fault(.edited, seq, "Row \(seq) was edited: its content does not match its hash.")
        }
        if row.isWhole {
            let isFollowed = next.map { $0.previous == row.hash } ?? (head == row.anchor)
            if isFollowed, seq - 1 > 0 {
                return Fault(
                    .edited, seq - 1, "Row \(seq - 1) was edited, and its hash was recomputed; row \(seq) reveals it.")
            }
            return Fault(.edited, seq, "Row \(seq) was replaced: it does not follow row \(seq - 1).")
        }
        if let beforeLast, row.previous == beforeLast {
            return Fault(.inserted, seq - 1, "Row \(seq - 1) was inserted: row \(seq) does not follow it.")
        }
        let moved = try Int64.fetchOne(
            database, sql: "SELECT seq FROM entries WHERE previous = ? AND seq > ?", arguments: [last.hash.data, seq])
        if let moved {
            return Fault(.reordered, seq, "Rows were reordered: the original row \(seq) is now row \(moved).")
        }
        return Fault(.removed, seq, "The original row \(seq) is gone; another row replaced it.")
    }

    static func rows(_ first: Int64, _ last: Int64) -> String {
        first == last ? "Row \(first) was" : "Rows \(first) to \(last) were"
    }
}
