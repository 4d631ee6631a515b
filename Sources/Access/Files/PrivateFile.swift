import Glibc

/// Small files that only the server's own user may read (0600).
enum PrivateFile {
    /// 8 MiB, far more than any private file needs.
    static let maximumSize = 8 << 20

    /// Returns nil if the file does not exist. Removes other users' permissions, which some volumes are mounted with.
    /// Refuses a file that belongs to another user than the server's or root.
    static func read(_ path: String) throws(AccessError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path, "cannot be read: \(reason())")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path, "is not a regular file.")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .file(path, "belongs to another user.")
        }
        if status.st_mode & 0o077 != 0 { _ = fchmod(descriptor, 0o600) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path, "cannot be read: \(reason())") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maximumSize else { throw .file(path, "is larger than \(maximumSize) bytes.") }
        }
    }

    /// Replaces the file atomically, even across a crash: writes and syncs a new file, then renames it over the old
    /// one. Concurrent writers need a ``FileLock``.
    static func replace(_ path: String, with bytes: [UInt8]) throws(AccessError) {
        let temporary = "\(path).new"
        unlink(temporary)  // left by a crash
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path, "cannot be written: \(reason())") }
        guard write(bytes, to: descriptor), fsync(descriptor) == 0 else {
            let reason = reason()
            close(descriptor)
            unlink(temporary)
            throw .file(path, "cannot be written: \(reason)")
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let reason = reason()
            unlink(temporary)
            throw .file(path, "cannot be written: \(reason)")
        }
        syncDirectory(of: path)
    }

    /// Without this, a power loss may undo the rename. Some file systems cannot sync a directory; ignore that, the file
    /// exists.
    private static func syncDirectory(of path: String) {
        let descriptor = open(Path.directory(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    static func reason() -> String { "\(String(cString: strerror(errno)))." }
}

enum Path {
    /// `a/b` for `a/b/c`, `.` for `c`, `/` for `/c`.
    static func directory(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func lastName(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
