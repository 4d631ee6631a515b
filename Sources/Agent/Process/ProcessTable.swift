import CProcess
import Glibc
import Synchronization

/// Starts the server's children and reaps them. A singleton, since a process has only one set of children.
final class ProcessTable: Sendable {
    static let shared = ProcessTable()

    private struct State {
        var running: [pid_t: ChildProcess] = [:]
        var isReaping = false
    }

    private let state = Mutex(State())

    struct SpawnError: Error, CustomStringConvertible {
        let path: String
        let code: Int32
        var description: String { "cannot start \(path): \(String(cString: strerror(code)))" }
    }

    /// In the environment of each child, and thereby of most processes below it: which child it is.
    private static let mark = "SRE_AGENT_PROCESS"

    private init() { _ = cprocess_become_subreaper() }

    /// Uses the descriptors as the child's standard input, output and error; the caller keeps owning them. With a gate,
    /// every program that the child starts must first be allowed by ``ExecMonitor``.
    func spawn(_ launch: Launch, input: Int32, output: Int32, error: Int32) throws -> ChildProcess {
        // Always sixteen digits, so that no mark is the beginning of another.
        let mark = "\(Self.mark)=\(String(UInt64.random(in: 1 << 60 ... .max), radix: 16))"
        var arguments = ([launch.path] + launch.arguments).map { strdup($0) } + [nil]
        var environment = launch.environment.map { strdup("\($0.key)=\($0.value)") } + [strdup(mark), nil]
        defer { (arguments + environment).forEach { free($0) } }
        // Hold the lock during the start: the reaper may see the child's end before its id is stored.
        return try state.withLock { state in
            var listener: Int32 = -1
            let pid = launch.withC(&arguments, &environment, (input, output, error)) { cprocess_spawn(&$0, &listener) }
            guard pid > 0 else { throw SpawnError(path: launch.path, code: -pid) }
            let child = ChildProcess(pid: pid, mark: mark, gate: launch.gate == nil ? nil : ExecGateState())
            if let gate = launch.gate, let state = child.gate {
                gate.monitor.add(gate.agent(pid, startedAs: launch.path, state), listener: listener)
                child.onExit { _ in gate.monitor.remove(pid) }
            }
            state.running[pid] = child
            if !state.isReaping {
                state.isReaping = true
                startReaper()
            }
            return child
        }
    }

    private func startReaper() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { _ in
                ProcessTable.shared.reap()
                return nil
            }, nil)
        pthread_detach(thread)
    }

    private func reap() {
        while true {
            var status: Int32 = 0
            let pid = cprocess_wait_any(&status)
            let (ended, isOver) = state.withLock { state in
                guard pid < 0 else { return (state.running.removeValue(forKey: pid), false) }
                // There was no child. A child started since then keeps the reaper alive.
                state.isReaping = !state.running.isEmpty
                return (nil, !state.isReaping)
            }
            ended?.ended(ExitStatus(status: status))
            if isOver { return }
        }
    }

    /// Kills the processes that dead agents left behind. As subreaper the server becomes the parent of all orphans
    /// below it, so every child that it did not start itself is an orphan. Spares the orphans of agents that live: what
    /// their approved commands, or their MCP servers, have left running.
    func killOrphans() {
        for _ in 0..<50 {
            let (orphans, running) = state.withLock { state in
                (Proc.children(of: getpid()).filter { state.running[$0] == nil }, Array(state.running.values))
            }
            let alive = orphans.filter { orphan in
                !Proc.isZombie(orphan) && !running.contains { $0.isAncestor(ofOrphan: orphan) }
            }
            if alive.isEmpty { return }
            alive.forEach { _ = kill($0, SIGKILL) }
            usleep(10_000)
        }
    }
}
