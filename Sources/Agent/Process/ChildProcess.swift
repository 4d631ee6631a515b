import Glibc
import NIOConcurrencyHelpers
import Synchronization

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// `status` as waitpid(2) fills it.
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

/// A child of the server. It leads a process group of its own and dies with the server, however that ends.
final class ChildProcess: Sendable {
    let pid: pid_t
    /// Nil when what it starts is not asked about.
    let gate: GateState?
    private let state = Mutex<(status: ExitStatus?, observers: [@Sendable (ExitStatus) -> Void])>((nil, []))

    init(pid: pid_t, gate: GateState?) {
        self.pid = pid
        self.gate = gate
    }

    /// May it be spoken to? What is not gated at all may.
    var isGateOn: Bool { gate?.isOn ?? true }

    /// Called at once when the process has ended already; on the reaper's thread otherwise.
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

    /// Invariant: a signal is only sent while the process has not been reaped, so that it cannot meet another
    /// process that got the same id.
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

    /// False when it has not ended within `limit`.
    func waitForExit(_ limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while exitStatus == nil, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
            if Task.isCancelled, exitStatus == nil { usleep(20_000) }
        }
        return exitStatus != nil
    }

    /// Asks, asks again (codex takes the first SIGTERM as "when the turn is over"), then kills.
    func stop(patience: Duration) async {
        signal(SIGTERM)
        if await waitForExit(patience) { return }
        signal(SIGTERM)
        if await waitForExit(.seconds(2)) { return }
        signalGroup(SIGKILL)
        _ = await waitForExit(.seconds(5))
    }
}
