import CodexProtocol
import JSON
import JSONRPC

/// The session's own calls to the agent, and the handling of their answers.
extension ClientSession {
    mutating func answerToOwnCall(_ id: String, _ message: Message, _ bytes: UnsafeRawBufferPointer) -> [Action] {
        guard let call = ownCalls.removeValue(forKey: id) else { return [] }
        let result = message.result.flatMap { Self.value($0, bytes) }
        let error = message.error.flatMap { Self.value($0, bytes) }
        switch call {
        case .greeting, .unheeded: return []
        case .interrupt(let threadID): return [.stopCommands(threadID: threadID)]
        case .reopen(var call):
            guard let result, let threadID = call.threadID else { return [fail(nil, error)] }
            call.accept(result, of: knownMode(threadID))
            if let reason = whyClosed(call, result["sandbox"]?["type"]?.stringValue, result) {
                return [refuse(nil, ErrorReply(.refused, reason)), .closeThread(threadID: threadID, reason: reason)]
            }
            return words(call, threadID, result)
                + [.subscribe(threadID: threadID, call.change(by: result, policy: policy))]
                + lookForEndedTurns(of: threadID)
        case .turnsEnded(let threadID, let turnIDs): return endedTurns(turnIDs, of: threadID, result)
        case .readThread(var call, let client):
            guard let cwd = result?["thread"]?["cwd"]?.stringValue else { return [fail(client, error)] }
            do {
                try call.settle(cwd: cwd, policy: policy)
            } catch {
                return [refuse(client, error)]
            }
            return [open(call, for: client)]
        case .proveGate(let pendingCall, let client):
            guard let result else { return [fail(client, error)] }
            if let fault = GateProof.configurationFault(inHooksList: result) {
                return [refuse(client, ErrorReply(.refused, fault.sentence))]
            }
            if let fault = agent?.proof.fault(inHooksList: result) {
                return [refuse(client, ErrorReply(.refused, "The gate is not in force here: \(fault)."))]
            }
            switch (pendingCall, client) {
            case (.turn(let call, let method), let client?): return send(call, method, for: client)
            case (.turn, nil): return []
            case (.thread(let call), let client?):
                pending[client] = .opening(call)
                return [
                    .sendToAgent(MessageEncoder.request(call.method.rawValue, id: client, params: .object(call.params)))
                ]
            case (.thread(let call), nil):
                return [ownCall(call.method.rawValue, params: .object(call.params), .reopen(call))]
            }
        }
    }

    /// Called after a thread with a subscription was reopened. Checks whether the turns that ran in it still run.
    private mutating func lookForEndedTurns(of threadID: String) -> [Action] {
        let turnIDs = runningTurns.filter { $0.value == threadID }.keys.sorted()
        guard !turnIDs.isEmpty else { return [] }
        let params: JSONValue = ["threadId": .string(threadID), "includeTurns": true]
        return [ownCall("thread/read", params: params, .turnsEnded(threadID: threadID, turnIDs))]
    }

    /// Reports the turns that ended while the session was not connected.
    private mutating func endedTurns(_ turnIDs: [String], of threadID: String, _ result: JSONValue?) -> [Action] {
        let turns = result?["thread"]?["turns"]?.arrayValue ?? []
        var actions: [Action] = []
        for turnID in turnIDs where runningTurns[turnID] != nil {
            guard var turn = turns.last(where: { $0["id"] == .string(turnID) }),
                let status = turn["status"]?.stringValue, status != TurnStatus.inProgress.rawValue
            else { continue }
            runningTurns[turnID] = nil
            turn["items"] = []
            turn["itemsView"] = .string(TurnItemsView.notLoaded.rawValue)
            let params: JSONValue = ["threadId": .string(threadID), "turn": turn]
            actions += [
                .sendToClient(MessageEncoder.notification("turn/completed", params: params)),
                .turnCompleted(turnID: turnID, threadID: threadID, status: status),
            ]
        }
        return actions
    }

    private func refuse(_ client: RequestID?, _ error: ErrorReply) -> Action {
        guard let client else { return .sendToClient(Self.notReopened(.string(error.message))) }
        return .sendToClient(MessageEncoder.error(error, id: client))
    }

    private static func notReopened(_ message: JSONValue) -> [UInt8] {
        MessageEncoder.notification(
            "sre/agentStatus",
            params: [
                "state": "ready", "message": "A thread could not be opened again after the restart.", "error": message,
            ])
    }

    /// Passes the agent's error on to the client whose request needed the call.
    private func fail(_ client: RequestID?, _ error: JSONValue?) -> Action {
        let error = error ?? ["code": -32603, "message": "The agent gave no usable answer."]
        guard let client else { return .sendToClient(Self.notReopened(error)) }
        return .sendToClient(JSONValue.object(["id": client.json, "error": error]).serialized())
    }
}
