import Glibc
import JSON

/// codex's logs of threads: `CODEX_HOME/sessions/YYYY/MM/DD/rollout-<time>-<thread id>.jsonl`. The first line of each
/// says which thread it is and, for a sub-agent's, which thread has started it. codex writes that line; nothing that a
/// client or a model says gets into it.
enum ThreadLog {
    struct Parents: Sendable {
        /// Thread id to the parent's thread id, without the threads that have none.
        var parents: [String: String] = [:]
        /// Some thread has no log yet.
        var hasMissing = false
    }

    /// Looks for the threads' logs. `path` is any thread's log. Blocks on the file system.
    static func parents(of threads: [String], beside path: String?) -> Parents {
        var found = Parents()
        let root = path.map { $0.split(separator: "/").dropLast(4).joined(separator: "/") }
        for thread in threads {
            guard let root, let file = file(of: thread, below: "/\(root)"), let line = firstLine(of: file),
                let payload = (try? JSONValue(parsing: line))?["payload"], payload["id"]?.stringValue == thread
            else {
                found.hasMissing = true
                continue
            }
            found.parents[thread] = payload["parent_thread_id"]?.stringValue
        }
        return found
    }

    /// A thread id contains the time of its creation; codex names the directories by the local date, which may be the
    /// day before or after.
    private static func file(of thread: String, below root: String) -> String? {
        guard let milliseconds = Int(thread.filter { $0 != "-" }.prefix(12), radix: 16) else { return nil }
        for day in [0, -1, 1] {
            var seconds = time_t(milliseconds / 1000 + day * 86_400)
            var date = tm()
            gmtime_r(&seconds, &date)
            func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let directory = "\(root)/\(1900 + Int(date.tm_year))/\(padded(date.tm_mon + 1))/\(padded(date.tm_mday))"
            let suffix = "-\(thread).jsonl"
            guard
                let name = FileTree.entries(of: directory).first(where: {
                    $0.hasPrefix("rollout-") && $0.hasSuffix(suffix)
                })
            else { continue }
            return "\(directory)/\(name)"
        }
        return nil
    }

    /// The first line, at most 1 MiB of it; nil if it is not complete.
    private static func firstLine(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let end = bytes[..<count].firstIndex(of: 0x0A) else { return nil }
        return Array(bytes[..<end])
    }
}
