import GRDB

extension SQLiteLogStore: LogStore {
    func newest(_ limit: Int, _ query: AuditQuery) throws -> [AuditRow] {
        try pool.read { try query.newest(limit, in: $0) }
    }

    func forEach(_ query: AuditQuery, _ body: (AuditRow) throws -> Void) throws {
        try pool.read { try query.forEach(in: $0, body) }
    }
}
