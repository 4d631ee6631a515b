import GRDB
import JSON

/// Which rows are asked for.
struct AuditQuery: Sendable {
    var thread: String?
    /// Milliseconds since 1970 UTC.
    var since: Int64?
    /// Exclusive.
    var until: Int64?
    /// Somewhere in the content, whatever the case (of ASCII letters: SQLite's LIKE).
    var text: String?
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
        // The plus keeps SQLite from walking by time and sorting all it finds.
        add("+at >= ?", since)
        add("+at < ?", until)
        add("seq < ?", before)
        add(#"content LIKE ? ESCAPE '!'"#, text.map(Self.pattern))
        return (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "), arguments)
    }

    func newest(_ limit: Int, in database: Database) throws -> [AuditRow] {
        let (sql, arguments) = conditions
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

    /// The text as it stands in JSON, with quotes and line ends escaped, and nothing in it a wildcard.
    private static func pattern(_ text: String) -> String {
        let literal = JSONValue.string(text).serialized().dropFirst().dropLast()
        var pattern = [UInt8(ascii: "%")]
        for byte in literal {
            if [UInt8(ascii: "%"), UInt8(ascii: "_"), UInt8(ascii: "!")].contains(byte) {
                pattern.append(UInt8(ascii: "!"))
            }
            pattern.append(byte)
        }
        pattern.append(UInt8(ascii: "%"))
        return String(decoding: pattern, as: UTF8.self)
    }
}
