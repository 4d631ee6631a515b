import Glibc

/// Keeps a second server away from the same `STATE_DIR`: both would write sign-ins and threads over each other's. The
/// kernel releases the lock when the process ends, however it ends.
struct StateLock: ~Copyable {
    private let file: Int32

    /// Throws ``Failure`` if another server uses the directory, with its process id.
    init(_ stateDirectory: String) throws {
        let path = "\(stateDirectory)/server.lock"
        file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw Failure("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw Failure("\(path) cannot be locked: \(String(cString: strerror(errno)))")
            }
            throw Failure(
                """
                Another server\(Self.holder(file)) uses STATE_DIR \(stateDirectory). Stop it, or start this one with a \
                STATE_DIR of its own.
                """)
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(file, 0)
        _ = pwrite(file, text, text.count, 0)
    }

    deinit { close(file) }

    private static func holder(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0, let pid = Int32(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber }) else {
            return ""
        }
        return " (process \(pid))"
    }
}
