import Agent
import Glibc

enum Directories {
    /// Creates a directory and its parents. Throws ``Failure`` with the system's error message.
    static func make(_ path: String, mode: mode_t = 0o755) throws {
        var partial = ""
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            if mkdir(partial, mode) == 0 { continue }
            let error = errno
            var status = stat()
            let exists = stat(partial, &status) == 0
            // Whatever mkdir says of a directory that exists on a read-only file system.
            if exists, status.st_mode & S_IFMT == S_IFDIR { continue }
            let reason = exists ? "is not a directory" : "cannot be created (\(String(cString: strerror(error))))"
            throw Failure(
                partial == path ? "\(path) \(reason)." : "\(path) cannot be a directory: \(partial) \(reason).")
        }
    }

    /// Throws ``Failure``.
    static func copyFile(_ source: String, to target: String, mode: mode_t) throws {
        let (from, to) = (
            open(source, O_RDONLY | O_CLOEXEC), open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        )
        defer {
            close(from)
            close(to)
        }
        var count = 1
        while count > 0 { count = sendfile(to, from, nil, 1 << 30) }
        guard from >= 0, to >= 0, count == 0 else {
            throw Failure("\(source) cannot be copied to \(target): \(String(cString: strerror(errno)))")
        }
    }

    /// The directory at a path, links resolved; nil if there is none.
    static func resolve(_ path: String) -> String? {
        guard let path = FileTree.realPath(path) else { return nil }
        return exists("\(path)/.") ? path : nil
    }

    /// The regular file at a path, links resolved; nil if there is none. Does not open the file, because a FIFO would
    /// block.
    static func resolveFile(_ path: String) -> String? {
        guard let path = FileTree.realPath(path) else { return nil }
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? path : nil
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
