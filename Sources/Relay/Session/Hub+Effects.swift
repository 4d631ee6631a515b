import AuditRecord
import NIOCore
import Session
import Synchronization

/// Performs what the coordinator decides.
extension Hub {
    /// Changes the state and performs the coordinator's effects.
    ///
    /// Invariant: effects reach each session in the order in which the coordinator returned them, so that no client
    /// gets an answer before the question. Hence they are put on the sessions' event loops while the lock is held.
    func change(_ body: (inout State, Milliseconds) -> [ThreadCoordinator.Effect]) {
        let now = WallClock.now
        let afterwards: [@Sendable () -> Void] = state.withLock { state in
            state.coordinator.keepingFailure = threads.failure
            let effects = body(&state, now) + state.coordinator.tellWaiting()
            var notKept: String?
            // Under the lock, so that the rows of the record are in the order of events.
            for entry in state.coordinator.takeNotes() { recorder.note(entry) }
            return effects.compactMap { effect in
                switch effect {
                case .record(let entry, let pending):
                    // The recorder may call back from within this call, while the lock is held.
                    recorder.write(entry) { [weak self, timers] failure in
                        timers.execute { [weak self] in
                            self?.event { coordinator, now in
                                coordinator.recorded(pending, failure: failure?.description, now: now)
                            }
                        }
                    }
                    return nil
                case .show(_, let session), .notify(let session, _, _), .respond(let session, _, _, _),
                    .interrupt(let session, _):
                    guard let relay = state.relays[session] else { return nil }
                    relay.eventLoop.execute { relay.value.perform(effect) }
                    return nil
                case .keep(let thread, let threadID):
                    threads.keep(thread, id: threadID)
                    notKept = threads.failure
                    return nil
                case .allowStart(let grant):
                    starts.allow(grant)
                    return nil
                case .revokeStart(let threadID, let callID):
                    starts.revoke(thread: threadID, call: callID)
                    return nil
                case .revokeStarts(let turnID):
                    starts.revoke(turn: turnID)
                    return nil
                case .limitStarts(let threadID):
                    starts.limit(thread: threadID)
                    return nil
                case .revokePatch(let threadID, let turnID, let callID):
                    starts.revokePatch(thread: threadID, turn: turnID, call: callID)
                    return nil
                case .decide(let ticket, let verdict):
                    guard let answer = state.hooks.removeValue(forKey: ticket) else { return nil }
                    // An agent's tool call may pass input to another thread.
                    let refusal = notKept.map { HookVerdict.deny(reason: ThreadCoordinator.notKept($0)) }
                    return { answer(refusal ?? verdict) }
                case .announce(let approval):
                    guard let onWaiting else { return nil }
                    return { onWaiting(approval) }
                case .expire(let id, let at):
                    return { [weak self] in self?.scheduleExpiry(of: id, in: at - now) }
                }
            }
        }
        afterwards.forEach { $0() }
    }

    private func scheduleExpiry(of id: String, in delay: Milliseconds) {
        timers.scheduleTask(in: .milliseconds(max(0, delay))) { [weak self] in
            self?.event { coordinator, now in coordinator.expire(id, now: now) }
        }
    }
}
