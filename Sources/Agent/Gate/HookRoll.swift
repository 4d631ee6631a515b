import Session
import Synchronization

/// The calls that hooks have come for, and the witnesses that wait for one: ``HookArrivals`` behind a lock.
final class HookRoll: Sendable {
    private struct State {
        var arrivals = HookArrivals()
        var waiting: [HookTicket: @Sendable (HookTicket) -> Void] = [:]
        var count: UInt64 = 0
    }

    private let state = Mutex(State())

    func hookCame(_ call: HookCall) {
        let witness = state.withLock { state in
            state.arrivals.hookCame(call).flatMap { ticket in
                state.waiting.removeValue(forKey: ticket).map { (ticket, $0) }
            }
        }
        if let (ticket, go) = witness { go(ticket) }
    }

    /// Nil when the hook has come. Otherwise `go` is called when it does, on any thread, unless ``gaveUp(_:on:)`` comes
    /// first.
    func witness(_ call: HookCall, go: @escaping @Sendable (HookTicket) -> Void) -> HookTicket? {
        state.withLock { state in
            state.count += 1
            let ticket = HookTicket(state.count)
            guard !state.arrivals.witnessAsks(ticket, of: call) else { return nil }
            state.waiting[ticket] = go
            return ticket
        }
    }

    /// False when the hook has come meanwhile.
    @discardableResult
    func gaveUp(_ ticket: HookTicket, on call: HookCall) -> Bool {
        state.withLock { state in
            state.arrivals.forget(ticket, of: call)
            return state.waiting.removeValue(forKey: ticket) != nil
        }
    }
}
