import Session
import Synchronization

/// The ``HookRendezvous`` shared by all hooks and verifiers, behind a lock.
final class LockedHookRendezvous: Sendable {
    typealias Reply = @Sendable (HookTicket, HookRendezvous.Answer) -> Void

    private struct State {
        var rendezvous = HookRendezvous()
        /// The replies of the waiting verifiers.
        var replies: [HookTicket: Reply] = [:]
        var count: UInt64 = 0

        mutating func ticket() -> HookTicket {
            count += 1
            return HookTicket(count)
        }
    }

    private let state = Mutex(State())

    /// Pass the ticket to ``hookEnded(_:_:)``. nil if the call has been refused already.
    func hookCame(for call: HookCall) -> HookTicket? {
        state.withLock { state in
            let hook = state.ticket()
            return state.rendezvous.hookCame(hook, for: call) ? hook : nil
        }
    }

    /// `verdict` is nil if the hook disconnected without one. Only the first call for a hook counts.
    func hookEnded(_ hook: HookTicket, _ verdict: HookVerdict?) {
        let ended = state.withLock { state in
            state.rendezvous.hookEnded(hook, verdict).flatMap { verifier, answer in
                state.replies.removeValue(forKey: verifier).map { ($0, verifier, answer) }
            }
        }
        if let (reply, verifier, answer) = ended { reply(verifier, answer) }
    }

    /// The answer if it is known, otherwise a ticket: `reply` is then called on any thread, unless ``forget(_:of:)``
    /// comes first.
    func verifierAsks(about call: HookCall, reply: @escaping Reply) -> Result<HookTicket, Known> {
        state.withLock { state in
            let verifier = state.ticket()
            if let answer = state.rendezvous.verifierAsks(verifier, about: call) {
                return .failure(Known(answer: answer))
            }
            state.replies[verifier] = reply
            return .success(verifier)
        }
    }

    /// The answer was known immediately.
    struct Known: Error { let answer: HookRendezvous.Answer }

    func isWaitingForHook(_ verifier: HookTicket, of call: HookCall) -> Bool {
        state.withLock { $0.rendezvous.isWaitingForHook(verifier, of: call) }
    }

    func refuse(_ verifier: HookTicket, _ call: HookCall) {
        state.withLock { state in
            state.rendezvous.refuse(verifier, call)
            state.replies[verifier] = nil
        }
    }

    func forget(_ verifier: HookTicket, of call: HookCall) {
        state.withLock { state in
            state.rendezvous.forget(verifier, of: call)
            state.replies[verifier] = nil
        }
    }
}
