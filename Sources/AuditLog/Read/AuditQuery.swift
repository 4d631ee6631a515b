import GRDB

/// The filters of a query.
struct AuditQuery: Sendable {
    var thread: String?
    /// A further condition, in SQL.
    var condition: String?
    /// Milliseconds since 1970 UTC.
    var since: Int64?
    /// Exclusive.
    var until: Int64?
    /// A substring of the content.
    var search: TextSearch?
    /// Exclusive.
    var before: Int64?

    private var conditions: (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        add("thread_id = ?", thread)
        if let condition { conditions.append(condition) }
        // The plus keeps SQLite from using the index on `at` and sorting the matches.
        add("+at >= ?", since)
        add("+at < ?", until)
        add("seq < ?", before)
        if search != nil { conditions.append("\(TextSearch.name)(content)") }
        return (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "), arguments)
    }

    func newest(_ limit: Int, in database: Database) throws -> [AuditRow] {
        let (sql, arguments) = conditions
        if let search { database.add(function: search.function) }
        let rows = try Row.fetchCursor(
            database, sql: "\(AuditRow.selection)\(sql) ORDER BY seq DESC LIMIT ?", arguments: arguments + [limit])
        return try Array(rows.map(AuditRow.init))
    }

    func forEach(in database: Database, _ body: (AuditRow) throws -> Void) throws {
        let (sql, arguments) = conditions
        let rows = try Row.fetchCursor(
            database, sql: "\(AuditRow.selection)\(sql) ORDER BY seq", arguments: arguments)
        while let row = try rows.next() { try body(AuditRow(row)) }
    }
}
