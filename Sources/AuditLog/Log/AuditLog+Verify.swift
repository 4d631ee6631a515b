import AuditRecord
import Foundation
import GRDB
import Glibc

extension AuditLog {
    /// Verifies the whole log. The log may be in use: the file is opened read-only.
    ///
    /// `expecting` is the anchor of an earlier checkpoint that was stored elsewhere. Without it, a log that was
    /// replaced by an older copy, with all its files, verifies.
    ///
    /// Throws ``AuditFailure`` if the log or the key does not exist.
    public static func verify(
        path: String, publicKeyPath: String, expecting: AuditAnchor? = nil
    ) throws -> VerifyResult {
        let key = try KeyFile.publicKey(at: publicKeyPath)
        // Read before the database: a running server continues to write both.
        let written = try HeadFile.read(HeadFile.path(besideDatabase: path), key)
        do {
            var summary = try ReadOnlyLog.read(path) { database in
                try Verification(database: database, key: key, expecting: expecting ?? written).run()
            }
            if expecting == nil { summary.expected = nil }
            if let written, written.seq > summary.head.seq {
                throw VerifyResult.Fault.endsEarly(at: summary.head.seq, before: written.seq)
            }
            return .ok(summary)
        } catch let fault as VerifyResult.Fault {
            return .bad(fault)
        } catch let error as DatabaseError {
            // Everything was in the -wal file, even the tables.
            if let written, error.message?.hasPrefix("no such table") == true {
                return .bad(.endsEarly(at: 0, before: written.seq))
            }
            return .bad(VerifyResult.Fault(.unreadable, 0, "The file cannot be read: \(describe(error))."))
        }
    }
}

/// Reads a log that this process does not write.
enum ReadOnlyLog {
    /// `repeats`: `body` may run a second time, if a server opens the log in the meantime.
    static func read<Value>(
        _ path: String, repeats: Bool = true, _ body: (Database) throws -> Value
    ) throws -> Value {
        guard access(path, R_OK) == 0 else {
            throw AuditFailure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        if !isOpen(path) {
            // No process writes the log and it needs no recovery, so SQLite need not create files beside it, which
            // would fail in a read-only directory.
            let result = Result { try query(uri(path), body) }
            if !isOpen(path) { return try result.get() }
            guard repeats else { throw AuditFailure("\(path) was opened by a server in the meantime. Try again.") }
        }
        return try query(path, body)
    }

    private static func query<Value>(
        _ path: String, _ body: (Database) throws -> Value
    ) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        return try database.read(body)
    }

    /// Whether the WAL has content: a server is writing, or was killed.
    private static func isOpen(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    private static func uri(_ path: String) -> String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/-._~"))
        let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
        return "file:" + escaped + "?immutable=1"
    }
}
