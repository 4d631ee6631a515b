import JSON
import JSONRPC

/// Opening threads and starting turns: the gate is proved in the thread's directory first.
extension ClientSession {
    /// Finds out the thread's directory, proves the gate there, then opens the thread.
    mutating func open(_ call: ThreadCall, for client: RequestID?) -> Action {
        guard let cwd = call.cwd else {
            return ownCall(
                "thread/read", params: ["threadId": call.threadID.map { .string($0) } ?? .null],
                .readThread(call, client: client))
        }
        return proveGate(in: cwd, .thread(call), for: client)
    }

    mutating func turn(_ call: TurnCall, _ method: String, for client: RequestID) -> Outcome {
        if let cwd = call.cwd { return .act([proveGate(in: cwd, .turn(call, method: method), for: client)]) }
        if !call.isRewritten, call.change.isNothing {
            pending[client] = .turn(threadID: call.threadID, call.change, call.input)
            return .forward
        }
        return .act(send(call, method, for: client))
    }

    /// A stricter mode applies before the agent hears of it, a laxer one only once the agent has accepted it.
    mutating func send(_ call: TurnCall, _ method: String, for client: RequestID) -> [Action] {
        let message = Action.sendToAgent(MessageEncoder.request(method, id: client, params: .object(call.params)))
        pending[client] = .turn(threadID: call.threadID, call.change, call.input)
        guard call.change.policy?.isUnattended == false else { return [message] }
        return [.changeMode(threadID: call.threadID, ThreadMode.Change(policy: call.change.policy)), message]
    }

    private mutating func proveGate(in cwd: String, _ pendingCall: PendingCall, for client: RequestID?) -> Action {
        ownCall("hooks/list", params: ["cwds": [.string(cwd)]], .proveGate(pendingCall, client: client))
    }
}
