import ExecGrants
import Glibc
import NIOConcurrencyHelpers
import Synchronization

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// `status` as returned by waitpid(2).
    init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: signal)
    }

    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "signal \(signal)"
        }
    }
}

/// A child process of the server. It leads its own process group and dies with the server, however the server ends.
final class ChildProcess: Sendable {
    let pid: pid_t
    /// A variable in its environment, with its value.
    private let mark: String
    /// nil if the child's execve calls are not gated.
    let gate: ExecGateState?
    private let state = Mutex<(status: ExitStatus?, observers: [@Sendable (ExitStatus) -> Void])>((nil, []))

    init(pid: pid_t, mark: String, gate: ExecGateState?) {
        self.pid = pid
        self.mark = mark
        self.gate = gate
    }

    /// Whether an orphan was started below this process. Unknown, and false, for a program that got another environment
    /// and has forked since.
    func isAncestor(ofOrphan orphan: pid_t) -> Bool {
        if let id = ProcessID(of: orphan), gate?.admitted.admission(of: id) != nil { return true }
        return Proc.environment(of: orphan, contains: mark)
    }

    /// Whether messages may be sent to the process. Always true for a process without a gate.
    var isGateOn: Bool { gate?.isOn ?? true }

    /// Calls `observer` immediately if the process has already ended, otherwise on the reaper's thread.
    func onExit(_ observer: @escaping @Sendable (ExitStatus) -> Void) {
        let ended = state.withLock { state in
            if state.status == nil { state.observers.append(observer) }
            return state.status
        }
        if let ended { observer(ended) }
    }

    func ended(_ status: ExitStatus) {
        let observers = state.withLock { state in
            state.status = status
            defer { state.observers = [] }
            return state.observers
        }
        observers.forEach { $0(status) }
    }

    var exitStatus: ExitStatus? { state.withLock { $0.status } }

    /// Invariant: signals are sent only before the process is reaped, so that they cannot reach another process that
    /// reuses the id.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { _ = kill(pid, number) }
        }
    }

    func signalGroup(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { _ = kill(-pid, number) }
        }
    }

    /// False if the process has not ended within `limit`.
    func waitForExit(_ limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while exitStatus == nil, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
            if Task.isCancelled, exitStatus == nil { usleep(20_000) }
        }
        return exitStatus != nil
    }

    /// Sends SIGTERM, sends it again (codex takes the first to mean "after the current turn"), then kills the group.
    func stop(patience: Duration) async {
        signal(SIGTERM)
        if await waitForExit(patience) { return }
        signal(SIGTERM)
        if await waitForExit(.seconds(2)) { return }
        signalGroup(SIGKILL)
        _ = await waitForExit(.seconds(5))
    }
}
