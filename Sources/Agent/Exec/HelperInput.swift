import CProcess
import ExecGrants
import Glibc

/// The input that codex writes to a file helper. It is read completely before the helper starts, and passed to the
/// helper as a file that can no longer change.
struct HelperInput: ~Copyable {
    /// A patch writes a whole file at once.
    static let limit = 128 << 20

    private let pipe: Int32
    private var bytes: [UInt8] = []

    /// nil if the process's standard input cannot be opened.
    init?(of process: pid_t) {
        pipe = open("/proc/\(process)/fd/0", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard pipe >= 0 else { return nil }
    }

    deinit { close(pipe) }

    var descriptor: Int32 { pipe }

    enum Progress { case unfinished, complete([UInt8]), broken }

    mutating func read() -> Progress {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(pipe, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno == EAGAIN ? .unfinished : .broken }
            if count == 0 { return .complete(bytes) }
            bytes += chunk[..<count]
            if bytes.count > Self.limit { return .broken }
        }
    }
}
