import GRDB
public import JSON

/// A row read from the log.
public struct AuditRow: Sendable, Hashable {
    /// Counted from 1, without gaps.
    public let seq: Int64
    /// The entry as canonical JSON: `at`, `kind`, `actor`, … `details`.
    public private(set) var content: [UInt8]
    /// 32 bytes each.
    public let previous: [UInt8]
    public let hash: [UInt8]

    /// The entry with `seq` before its members: an element of the `GET /api/v1/sre/audit` response.
    public var object: JSONObject {
        let content = (try? JSONValue(parsing: content))?.objectValue ?? JSONObject()
        return JSONObject([("seq", .number(JSONNumber(seq)))] + content.members.map { ($0.key, $0.value) })
    }

    /// Without the tags of masked secrets and the hashes of digested texts.
    var withoutHashes: AuditRow {
        var row = self
        row.content = TextSearch.withoutHashes(content)
        return row
    }
}

extension AuditRow {
    static let selection = "SELECT seq, CAST(content AS BLOB), previous, hash FROM entries"

    init(_ row: Row) {
        seq = row.integer(0) ?? 0
        content = row.blob(1) ?? []
        previous = row.blob(2) ?? []
        hash = row.blob(3) ?? []
    }
}
