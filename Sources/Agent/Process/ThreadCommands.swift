import Glibc
import NIOCore
import NIOPosix

/// The processes of a thread's commands. codex puts the thread id into the environment of every command it starts.
enum ThreadCommands {
    /// How long a command may take to end after SIGTERM.
    static let patienceMilliseconds = 500

    static func stop(_ threadID: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { stop(threadID) }
    }

    /// Sends SIGTERM, waits, then sends SIGKILL. Blocks; returns the command lines of processes that are still alive.
    ///
    /// Stops only the processes that run at the time of the call and their descendants: the next turn may begin at
    /// once, and its commands must not be stopped.
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
        // The id is searched for as text, so it must not match anything but itself.
        guard threadID.utf8.count >= 16, threadID.allSatisfy({ $0.isHexDigit || $0 == "-" }) else { return [] }
        return Proc.all.filter { pid in
            pid != getpid() && Proc.environment(of: pid, contains: "CODEX_THREAD_ID=\(threadID)\0")
                && !Proc.isZombie(pid)
        }
    }

    /// Processes and their later descendants, found by parent, or by process group if the parent has ended.
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
