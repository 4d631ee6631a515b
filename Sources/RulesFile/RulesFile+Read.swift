import Glibc
public import Policy

extension RulesFile {
    /// Reads the file at `path` as `init` reads its text.
    ///
    /// Refuses anything but a regular file, a file larger than ``maximumSize``, a file that belongs to another user
    /// than the server's or root, and a world-writable file: the writer of this file can grant any right.
    public static func read(
        path: String, defaults: Floors, resolve: (String) -> String? = RulesFile.directory
    ) throws(RulesFileError) -> RulesFile {
        let bytes: [UInt8]
        do {
            bytes = try content(path)
        } catch {
            throw RulesFileError(file: path, problems: [error])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RulesFileError(file: path, problems: [notUTF8(bytes)])
        }
        return try RulesFile(text: text, name: path, defaults: defaults, resolve: resolve)
    }

    /// The directory that an absolute path names, with links resolved. Nil if it does not exist.
    @Sendable public static func directory(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        var status = stat()
        guard stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return String(validatingCString: resolved)
    }

    private static func content(_ path: String) throws(Problem) -> [UInt8] {
        // O_NONBLOCK keeps a pipe without a writer from blocking the open.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Problem(line: nil, key: nil, reason: "is not a regular file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw Problem(line: nil, key: nil, reason: "belongs to another user, who could change it")
        }
        guard status.st_mode & S_IWOTH == 0 else {
            throw Problem(line: nil, key: nil, reason: "is writable by all users; run chmod o-w on it")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maximumSize {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable() }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        throw Problem(line: nil, key: nil, reason: "is larger than \(maximumSize) bytes")
    }

    private static func unreadable() -> Problem {
        Problem(line: nil, key: nil, reason: "cannot be read: \(String(cString: strerror(errno)))")
    }

    private static func notUTF8(_ bytes: [UInt8]) -> Problem {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return Problem(line: index.map { $0 + 1 }, key: nil, reason: "is not UTF-8")
    }
}
