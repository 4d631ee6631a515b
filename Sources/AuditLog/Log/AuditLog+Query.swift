import AuditRecord
import GRDB

extension AuditLog {
    /// Returns rows, newest first; for the next page pass the last row's `seq` as `before`. Reads a snapshot without
    /// waiting for the writer, but blocks on the disk, and a search for a rare text scans the whole log: never call it
    /// on an event loop.
    ///
    /// `text` is a substring of the entry, ignoring the case of ASCII letters; only its first 1,000 characters are
    /// used. `limit` is from 1 to 1,000. `withoutHashes` excludes the hashes of secrets and of texts from the rows and
    /// from the search, because they could reveal a short secret. Throws ``AuditFailure``.
    public func query(
        thread: String? = nil, text: String? = nil, before: Int64? = nil, limit: Int = 100, withoutHashes: Bool = false
    ) throws -> [AuditRow] {
        let text = text.flatMap { $0.isEmpty ? nil : String($0.prefix(1_000)) }
        let search = text.map { TextSearch($0, withoutHashes: withoutHashes) }
        let query = AuditQuery(thread: thread, search: search, before: before)
        return try Self.failing {
            let rows = try store.newest(min(max(limit, 1), 1_000), query)
            return withoutHashes ? rows.map(\.withoutHashes) : rows
        }
    }

    /// Returns the part of a thread's history before row `before`, of at most `limit` rows (1 to 1,000). Blocks, as
    /// ``query(thread:text:before:limit:withoutHashes:)`` does. Throws ``AuditFailure``.
    public func timeline(
        of threadID: String, before: Int64? = nil, limit: Int = 200, withoutHashes: Bool = false
    ) throws -> Timeline {
        try Self.failing {
            try store.timeline(
                of: threadID, before: before, limit: min(max(limit, 1), 1_000), withoutHashes: withoutHashes)
        }
    }

    /// Writes the rows from `since` (inclusive) to `until` (exclusive), oldest first, of one thread or all, in chunks
    /// of roughly 64 KiB at most. Times are in milliseconds since 1970 UTC. Blocks. Throws ``AuditFailure`` and the
    /// errors of `output`.
    public func export(
        since: Int64? = nil, until: Int64? = nil, thread: String? = nil, format: ExportFormat,
        to output: ([UInt8]) throws -> Void
    ) throws {
        let query = AuditQuery(thread: thread, since: since, until: until)
        try Self.failing {
            var export = Export(format)
            try store.forEach(query) { try export.add($0, to: output) }
            try export.finish(to: output)
        }
    }

    /// The same for a log that another process may be writing.
    public static func export(
        path: String, since: Int64? = nil, until: Int64? = nil, thread: String? = nil, format: ExportFormat,
        to output: ([UInt8]) throws -> Void
    ) throws {
        let query = AuditQuery(thread: thread, since: since, until: until)
        try failing {
            try ReadOnlyLog.read(path, repeats: false) { database in
                var export = Export(format)
                try query.forEach(in: database) { try export.add($0, to: output) }
                try export.finish(to: output)
            }
        }
    }

    private static func failing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError {
            throw AuditFailure("The audit log cannot be read: \(describe(error))")
        }
    }
}
