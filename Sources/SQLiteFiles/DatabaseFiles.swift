import Glibc

/// A SQLite database's files on disk. SQLite keeps writing, without an error, into a file that has been deleted or
/// replaced, so a writer checks the files before each commit.
public struct DatabaseFiles: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let path: String
    private var main: Identity?
    private var journal: Identity?

    private struct Identity: Hashable {
        let device: dev_t
        let number: ino_t

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = status.st_dev
            number = status.st_ino
        }
    }

    /// Creates an empty file, readable only by its owner, if there is none. SQLite gives the files beside it the same
    /// mode. Throws ``Failure``.
    public init(path: String) throws {
        self.path = path
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, fchmod(file, 0o600) == 0 else {
            throw Failure(description: "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        close(file)
    }

    public static func hasContent(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0
    }

    /// Call it once the database has been opened and written.
    public mutating func remember() {
        main = Identity(path)
        journal = Identity(path + "-wal")
    }

    /// Throws ``Failure`` if the files at the path are not the open ones.
    public mutating func check() throws {
        guard Identity(path) == main else { throw Failure(description: "\(path) has been removed or replaced.") }
        let journal = Identity(path + "-wal")
        if self.journal == nil { self.journal = journal }
        guard journal == self.journal else {
            throw Failure(description: "\(path)-wal has been removed or replaced.")
        }
    }
}
