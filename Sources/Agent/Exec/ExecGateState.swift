import Synchronization

/// The state of one agent's exec gate, for threads other than the monitor's.
final class ExecGateState: Sendable {
    private struct State {
        var isOn = false
        var fault: String?
        var stopped = 0
        var record: AgentChainRecord?
        var observers: [@Sendable () -> Void] = []
    }

    let admitted = AdmittedProcesses()
    private let state = Mutex(State())

    /// Whether the gate judges every program that the agent starts. Until then the process is not codex: send it
    /// nothing.
    var isOn: Bool { state.withLock { $0.isOn && $0.fault == nil } }

    /// Why the gate will never turn on, as a sentence. nil while it still may turn on, or has.
    var fault: String? { state.withLock { $0.fault } }

    /// The number of programs that the gate has stopped codex itself from starting.
    var stopped: Int { state.withLock { $0.stopped } }

    /// The record of a version run.
    var record: AgentChainRecord? { state.withLock { $0.record } }

    /// Calls back on any thread once ``isOn`` or ``fault`` is settled; immediately if either already is.
    func whenSettled(_ observer: @escaping @Sendable () -> Void) {
        let isSettled = state.withLock { state in
            let isSettled = state.isOn || state.fault != nil
            if !isSettled { state.observers.append(observer) }
            return isSettled
        }
        if isSettled { observer() }
    }

    func turnedOn() { settle { $0.isOn = true } }

    func failed(_ reason: String) { settle { $0.fault = $0.fault ?? reason } }

    func stoppedOne() { state.withLock { $0.stopped += 1 } }

    func follow(_ record: AgentChainRecord) { state.withLock { $0.record = record } }

    func follow(_ change: (inout AgentChainRecord) -> Void) {
        state.withLock { state in
            guard var record = state.record else { return }
            change(&record)
            state.record = record
        }
    }

    private func settle(_ change: (inout State) -> Void) {
        let observers = state.withLock { state in
            change(&state)
            defer { state.observers = [] }
            return state.observers
        }
        observers.forEach { $0() }
    }
}
