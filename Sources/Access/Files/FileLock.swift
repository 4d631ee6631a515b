import Glibc

/// Excludes other processes and threads while a file is read, changed and written. Each lock is an open file of its own
/// (flock(2)). The kernel releases it when a process ends.
enum FileLock {
    /// Waits while another holder has the lock, so never call this on an event loop.
    static func hold<Result>(
        _ path: String, _ body: () throws(AccessError) -> Result
    ) throws(AccessError) -> Result {
        let directory = Path.directory(path)
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw .file(directory, "cannot be used: \(PrivateFile.reason())")
        }
        // The server could not read files that root writes here.
        guard geteuid() != 0 || status.st_uid == 0 else {
            throw .file(directory, "belongs to another user: run this as the user the server runs as.")
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path, "cannot be opened: \(PrivateFile.reason())") }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .file(path, "cannot be locked: \(PrivateFile.reason())") }
        }
        return try body()
    }
}
