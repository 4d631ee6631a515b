public import ExecGrants
public import JSON
import NIOCore
public import Session

/// What happens to sessions, threads and agents.
extension Hub {
    func opened(_ id: SessionID, mayAnswer: Bool, _ relay: NIOLoopBound<SessionRelay>) {
        change { state, _ in
            state.relays[id] = relay
            return state.coordinator.opened(id, mayAnswer: mayAnswer)
        }
    }

    func closed(_ id: SessionID) {
        change { state, _ in
            state.relays[id] = nil
            return state.coordinator.closed(id)
        }
    }

    /// Passes one event to the coordinator and performs the effects.
    func event(_ body: (inout ThreadCoordinator, Milliseconds) -> [ThreadCoordinator.Effect]) {
        change { state, now in body(&state.coordinator, now) }
    }

    public func notifyAllSessions(_ method: String, _ params: JSONValue) {
        event { coordinator, _ in coordinator.notifyAllSessions(method, params) }
    }

    public func notifySubscribers(_ threadID: String, _ method: String, _ params: JSONValue) {
        event { coordinator, _ in coordinator.notifySubscribers(of: threadID, method, params) }
    }

    /// A client gives a thread input. Returns the reason if the server cannot store whose input it is: then the agent must
    /// not get it.
    func inputReceived(_ principal: Principal, inThread threadID: String, _ message: UserMessage?) -> String? {
        event { coordinator, _ in coordinator.inputReceived(principal, inThread: threadID, message) }
        guard let failure = threads.failure else { return nil }
        if let message {
            event { coordinator, _ in coordinator.messageRefused(message, by: principal, inThread: threadID) }
        }
        return ThreadCoordinator.notKept(failure)
    }

    /// Allows a program that a client starts itself.
    func allowStart(_ grant: StartGrant) { starts.allow(grant) }

    func itemCompleted(_ item: CompletedItem) {
        event { [starts] coordinator, now in
            coordinator.itemCompleted(
                item, started: starts.takeStarted(thread: item.threadID, call: item.itemID), now: now)
        }
    }

    func turnCompleted(_ turnID: String, inThread threadID: String, status: String?) {
        event { [starts] coordinator, now in
            let unreported = coordinator.unreported(inTurn: turnID, ofThread: threadID).flatMap { callID in
                starts.takeStarted(thread: threadID, call: callID).map {
                    coordinator.ranUnreported(callID, inThread: threadID, started: $0, now: now)
                } ?? []
            }
            return unreported + coordinator.turnCompleted(turnID, inThread: threadID, status: status, now: now)
        }
    }

    /// The kernel has refused to start a program.
    public func startStopped(_ refusal: ExecGate.Refusal) {
        event { coordinator, now in coordinator.startStopped(refusal, now: now) }
    }

    public func agentEnded(_ agent: AgentID) {
        event { coordinator, now in coordinator.agentEnded(agent, now: now) }
    }
}
