import AuditRecord
import Foundation
import Glibc

/// The signed head once more, in a file beside the database: `audit.sqlite-head`. SQLite takes a database without its
/// `-wal` file for a complete one, however many commits it lacks, and a missing one for a new one. The head shows it.
///
/// Written after each commit and not flushed: after a power failure it may be behind the database, never ahead of it.
final class HeadFile: Sendable {
    private let path: String
    private let file: Int32

    static func path(besideDatabase path: String) -> String { path + "-head" }

    /// Opens or creates the file, readable only by its owner.
    init(besideDatabase path: String) throws {
        self.path = Self.path(besideDatabase: path)
        file = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw AuditFailure("cannot open \(self.path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(file) }

    /// The head that was written last to the file at `path`; nil if there is none. Throws if it is not a head that this
    /// key has signed.
    static func read(_ path: String, _ key: SigningKey.PublicKey) throws -> AuditAnchor? {
        guard let text = try SmallFile.read(path, onlyForOwner: false), !text.isEmpty else { return nil }
        let parts = text.prefix { $0 != "\n" }.split(separator: " ")
        guard parts.count == 3, let anchor = AuditAnchor(String(parts[0])), let at = Int64(parts[1]),
            let signature = [UInt8](hexadecimal: parts[2]),
            Head(anchor: anchor, at: at, signature: signature).isSigned(by: key)
        else { throw AuditFailure("\(path) is not signed with the key of this log. \(remedy(path))") }
        return anchor
    }

    /// Throws if the database ends before the row that was written last, or has another row there. A row that retention
    /// has removed is nil.
    func check(_ key: SigningKey.PublicKey, lastRow: Int64, hashOfRow: (Int64) throws -> [UInt8]?) throws {
        guard let anchor = try Self.read(path, key) else { return }
        guard anchor.seq <= lastRow else {
            throw AuditFailure(
                "it ends at row \(lastRow), but row \(anchor.seq) had been written: its -wal file is missing, or this is "
                    + "an older copy. \(Self.remedy(path))")
        }
        if let hash = try hashOfRow(anchor.seq), hash != anchor.hash {
            throw AuditFailure("its row \(anchor.seq) is not the one that had been written. \(Self.remedy(path))")
        }
    }

    /// If this fails, the file stays behind the database, as after a power failure.
    func write(_ head: Head) {
        let text = Array("\(head.anchor) \(head.at) \(head.signature.hexadecimal)\n".utf8)
        _ = pwrite(file, text, text.count, 0)
    }

    private static func remedy(_ path: String) -> String {
        "Restore all files of the log together, or delete \(path) to continue with the log as it is."
    }
}
