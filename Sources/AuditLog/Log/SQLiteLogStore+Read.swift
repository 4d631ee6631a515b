import GRDB

extension SQLiteLogStore: LogStore {
    func newest(_ limit: Int, _ query: AuditQuery) throws -> [AuditRow] {
        try pool.read { try query.newest(limit, in: $0) }
    }

    func forEach(_ query: AuditQuery, _ body: (AuditRow) throws -> Void) throws {
        try pool.read { try query.forEach(in: $0, body) }
    }

    func timeline(of threadID: String, before: Int64?, limit: Int, withoutHashes: Bool) throws -> Timeline {
        try pool.read {
            try Timeline.read(threadID, before: before, limit: limit, withoutHashes: withoutHashes, in: $0)
        }
    }
}
