import Glibc
import NIOCore
import NIOPosix

/// The processes that run for a thread. codex names the thread in the environment of every command it starts.
enum ThreadCommands {
    /// How long a command may take to end after it was asked to.
    static let patienceMilliseconds = 500

    static func stop(_ threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { stop(threadID) }
    }

    /// Asks, waits, kills. Blocks; returns the command lines of those that are still there.
    private static func stop(_ threadID: String) -> [String] {
        var left = processes(of: threadID)
        left.forEach { _ = kill($0, SIGTERM) }
        for _ in 0..<(patienceMilliseconds / 20) where !left.isEmpty {
            usleep(20_000)
            left = processes(of: threadID)
        }
        for _ in 0..<50 where !left.isEmpty {
            left.forEach { _ = kill($0, SIGKILL) }
            usleep(20_000)
            left = processes(of: threadID)
        }
        return left.map { pid in
            let words = (Proc.read("/proc/\(pid)/cmdline") ?? "").split(separator: "\0")
            return "\(pid) \(words.joined(separator: " ").prefix(200))"
        }
    }

    private static func processes(of threadID: String) -> [pid_t] {
        // An id is part of what is searched for, so it must not be able to match more than itself.
        guard threadID.utf8.count >= 16, threadID.allSatisfy({ $0.isHexDigit || $0 == "-" }) else { return [] }
        return Proc.all.filter { pid in
            pid != getpid() && Proc.environment(of: pid, contains: "CODEX_THREAD_ID=\(threadID)\0")
                && !Proc.isZombie(pid)
        }
    }
}
