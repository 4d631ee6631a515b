/// Stores the rows of the log with its signed head and its checkpoints. Calls wait for the disk or the network; the log
/// makes those that write on one queue.
protocol LogStore: Sendable {
    /// Whether the log had no rows and no head when it was opened.
    var isNew: Bool { get }

    /// One transaction: the rows, the signed head, and a permanent checkpoint if `reason` returns one. Returns that
    /// checkpoint. On disk when it returns. Throws if the log does not end where its signed head says.
    func append(
        _ entries: [PreparedEntry], at now: Int64,
        checkpoint reason: (_ last: AuditCheckpoint?, _ head: AuditAnchor) -> AuditCheckpoint.Reason?
    ) throws -> AuditCheckpoint?

    /// Verifies some of the oldest rows and removes them behind a new signed cut, in one transaction. nil if there are
    /// none to remove.
    func removeOldest(_ retention: AuditLog.Retention, at now: Int64) throws -> RetentionStep?

    /// Returns some of the freed space to the system. False if none is left.
    func shrink() throws -> Bool

    /// The newest rows of the query, newest first, from one snapshot.
    func newest(_ limit: Int, _ query: AuditQuery) throws -> [AuditRow]

    /// The part of a thread's history before row `before`, of at most `limit` rows, from one snapshot.
    func timeline(of threadID: String, before: Int64?, limit: Int, withoutHashes: Bool) throws -> Timeline

    /// Passes the rows of the query, oldest first, from one snapshot.
    func forEach(_ query: AuditQuery, _ body: (AuditRow) throws -> Void) throws

    /// Called once, after the last commit.
    func close()
}

struct RetentionStep {
    let cut: AuditCheckpoint
    /// The number of removed rows.
    let count: Int
}
