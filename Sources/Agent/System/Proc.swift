import Glibc

/// Reads process data from /proc (proc(5)).
enum Proc {
    static func children(of pid: pid_t) -> [pid_t] {
        FileTree.entries(of: "/proc/\(pid)/task").flatMap { task in
            (read("/proc/\(pid)/task/\(task)/children") ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    static func isZombie(_ pid: pid_t) -> Bool { stat(pid)?.first == "Z" }

    static func parent(_ pid: pid_t) -> pid_t? { stat(pid).flatMap { $0.count > 1 ? pid_t($0[1]) : nil } }

    static func group(_ pid: pid_t) -> pid_t? { stat(pid).flatMap { $0.count > 2 ? pid_t($0[2]) : nil } }

    /// Clock ticks since boot when the process started. Together with the process id it identifies a process uniquely.
    static func startTime(_ pid: pid_t) -> String? {
        stat(pid).flatMap { $0.count > 19 ? String($0[19]) : nil }
    }

    /// The fields after the command name, which may itself contain spaces and parentheses.
    private static func stat(_ pid: pid_t) -> [Substring]? {
        guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }

    static var all: [pid_t] { FileTree.entries(of: "/proc").compactMap { pid_t($0) } }

    /// Whether the process's environment contains `text`.
    static func environment(of pid: pid_t, contains text: String) -> Bool {
        (read("/proc/\(pid)/environ") ?? "").contains(text)
    }

    static func read(_ path: String) -> String? { bytes(of: path).map { String(decoding: $0, as: UTF8.self) } }

    static func bytes(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
