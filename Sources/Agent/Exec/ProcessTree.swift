import CProcess
import ExecGrants
import Glibc

/// The admitted processes below one codex process, and how to find the caller of a new one.
struct ProcessTree {
    let agent: ProcessID
    var executable: AgentExecutable
    private let admitted: AdmittedProcesses
    /// The last parent found and when it was looked up, since one shell starts a build's thousands of processes. It is
    /// valid for less time than the kernel needs to reuse a process id.
    private var lastParent: (id: ProcessID, lookedAt: Double)?
    private static let parentSeconds = 0.05

    init(agent: ProcessID, executable: AgentExecutable, admitted: AdmittedProcesses) {
        self.agent = agent
        self.executable = executable
        self.admitted = admitted
    }

    /// The process to which a thread belongs. nil if the process has ended.
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
        // The agent's own process was never admitted: it runs CODEX_BIN's script, or codex executing another program in
        // its place.
        guard process != agent else { return .stranger }
        if let own = admitted.admission(of: process) { return .below(own, isSameProcess: true) }
        let now = MonotonicTime.now
        if let (id, lookedAt) = lastParent, id.pid == parent, now - lookedAt < Self.parentSeconds,
            let above = admitted.admission(of: id)
        {
            return .below(above, isSameProcess: false)
        }
        let direct = parent
        if parent == agent.pid { return isAgentAlive && executable.runs(process.pid) ? .agentChild : .stranger }
        var parent = parent
        // Deeper than processes are nested in practice.
        for _ in 0..<256 where parent > 1 && parent != getpid() && parent != agent.pid {
            var place = cprocess_place()
            guard cprocess_find(parent, &place) == 0 else { break }
            let id = ProcessID(pid: parent, start: place.start)
            if let above = admitted.admission(of: id) {
                if parent == direct { lastParent = (id, now) }
                return .below(above, isSameProcess: false)
            }
            parent = place.parent
        }
        // The parent has ended. While codex lives, its children have a living parent, and a process that was never
        // admitted still runs codex's own file. So this process was left behind by an admitted program.
        let isOrphan = parent <= 1 || parent == getpid()
        guard isOrphan, isAgentAlive, !executable.mayRun(process.pid) else { return .stranger }
        return .below(.granted(threadID: nil, callID: nil), isSameProcess: false)
    }

    private var isAgentAlive: Bool {
        var place = cprocess_place()
        return cprocess_find(agent.pid, &place) == 0 && place.start == agent.start
            && place.state != CChar(UInt8(ascii: "Z"))
    }

    func admit(_ process: ProcessID, _ admission: ExecGate.Admission) { admitted.add(process, admission) }
}
