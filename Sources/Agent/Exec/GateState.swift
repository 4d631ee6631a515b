import Synchronization

/// What the monitor knows of the gate around one agent, for other threads.
final class GateState: Sendable {
    private struct State {
        var isOn = false
        var fault: String?
        var stopped = 0
        var record: AgentChainRecord?
        var observers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Is each program judged that the agent starts? Before, it is not codex, and nothing may be said to it.
    var isOn: Bool { state.withLock { $0.isOn && $0.fault == nil } }

    /// Why the gate never comes on, as a sentence; nil while it may, or has.
    var fault: String? { state.withLock { $0.fault } }

    /// How many programs the gate has kept codex itself from starting.
    var stopped: Int { state.withLock { $0.stopped } }

    /// Of a run that says the version.
    var record: AgentChainRecord? { state.withLock { $0.record } }

    /// Calls back when ``isOn`` or ``fault`` is settled, on any thread; at once when it is.
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
