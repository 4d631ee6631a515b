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
    ///
    /// Only what ran when it was called, and what comes of that: the next turn may begin at once, and its commands are
    /// not to be stopped.
    private static func stop(_ threadID: String) -> [String] {
        var family = Family()
        var left = processes(of: threadID)
        left.forEach { family.admit($0) }
        func remaining() -> [pid_t] { processes(of: threadID).filter { family.includes($0) } }
        left.forEach { _ = kill($0, SIGTERM) }
        for _ in 0..<(patienceMilliseconds / 20) where !left.isEmpty {
            usleep(20_000)
            left = remaining()
        }
        for _ in 0..<50 where !left.isEmpty {
            left.forEach { _ = kill($0, SIGKILL) }
            usleep(20_000)
            left = remaining()
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

    /// Processes, and those that they start later: by their parent, or by their group when the parent has gone.
    private struct Family {
        private var members: Set<pid_t> = []
        private var groups: Set<pid_t> = []

        mutating func admit(_ pid: pid_t) {
            members.insert(pid)
            if let group = Proc.group(pid) { groups.insert(group) }
        }

        mutating func includes(_ pid: pid_t) -> Bool {
            guard
                members.contains(pid) || Proc.parent(pid).map(members.contains) == true
                    || Proc.group(pid).map(groups.contains) == true
            else { return false }
            admit(pid)
            return true
        }
    }
}
