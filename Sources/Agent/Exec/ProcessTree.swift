import CProcess
import ExecGate
import Glibc

/// The processes below one codex process that were let in, and where others come from.
struct ProcessTree {
    let agent: ProcessID
    var executable: AgentExecutable
    private var admitted: [pid_t: (start: UInt64, admission: ExecGate.Admission)] = [:]
    /// Looked through for processes that have ended when there are twice as many.
    private var limit = 1_024
    /// The parent that was looked at last, and when: one shell starts a build's thousands. For less than any process id
    /// takes to be given out again.
    private var lastParent: (id: ProcessID, lookedAt: Double)?
    private static let parentSeconds = 0.05

    init(agent: ProcessID, executable: AgentExecutable) {
        self.agent = agent
        self.executable = executable
    }

    /// The process that a thread belongs to. Nil when it is gone.
    static func process(of thread: pid_t) -> (id: ProcessID, parent: pid_t)? {
        let pid = cprocess_leads(thread) != 0 ? thread : leader(of: thread)
        var place = cprocess_place()
        guard let pid, cprocess_find(pid, &place) == 0 else { return nil }
        return (ProcessID(pid: pid, start: place.start), place.parent)
    }

    private static func leader(of thread: pid_t) -> pid_t? {
        let status = Proc.read("/proc/\(thread)/status")?.split(separator: "\n")
        return status?.first { $0.hasPrefix("Tgid:") }.flatMap { pid_t($0.dropFirst(5).drop { $0.isWhitespace }) }
    }

    mutating func caller(_ process: ProcessID, parent: pid_t) -> ExecGate.Caller {
        // The agent's own process was let in by nobody: it is CODEX_BIN's script, or codex that starts another in its place.
        guard process != agent else { return .stranger }
        if let own = admission(of: process) { return .below(own, isSameProcess: true) }
        let now = StartGate.now
        if let (id, lookedAt) = lastParent, id.pid == parent, now - lookedAt < Self.parentSeconds,
            let above = admission(of: id)
        {
            return .below(above, isSameProcess: false)
        }
        let direct = parent
        if parent == agent.pid { return isAgentAlive && executable.runs(process.pid) ? .agentChild : .stranger }
        var parent = parent
        // Deeper than processes are started in one another.
        for _ in 0..<256 where parent > 1 && parent != getpid() && parent != agent.pid {
            var place = cprocess_place()
            guard cprocess_find(parent, &place) == 0 else { break }
            let id = ProcessID(pid: parent, start: place.start)
            if let above = admission(of: id) {
                if parent == direct { lastParent = (id, now) }
                return .below(above, isSameProcess: false)
            }
            parent = place.parent
        }
        // Its parent has ended. A child of codex's has one as long as codex lives, and what was never let in still runs
        // codex's own file: so this is what an admitted program has left behind.
        let isOrphan = parent <= 1 || parent == getpid()
        guard isOrphan, isAgentAlive, !executable.mayRun(process.pid) else { return .stranger }
        return .below(.granted(threadID: nil, callID: nil), isSameProcess: false)
    }

    private func admission(of process: ProcessID) -> ExecGate.Admission? {
        guard let found = admitted[process.pid], found.start == process.start else { return nil }
        return found.admission
    }

    private var isAgentAlive: Bool {
        var place = cprocess_place()
        return cprocess_find(agent.pid, &place) == 0 && place.start == agent.start
            && place.state != CChar(UInt8(ascii: "Z"))
    }

    mutating func admit(_ process: ProcessID, _ admission: ExecGate.Admission) {
        admitted[process.pid] = (process.start, admission)
        guard admitted.count > limit else { return }
        admitted = admitted.filter { pid, entry in
            var place = cprocess_place()
            return cprocess_find(pid, &place) == 0 && place.start == entry.start
        }
        limit = max(1_024, admitted.count * 2)
    }
}
