import JSON
import JSONRPC
import NIOCore
import Session

/// Performs what the session and the hub decide.
extension SessionRelay {
    func perform(_ actions: [ClientSession.Action], forward: () -> Void = {}) {
        recordNotes()
        for action in actions {
            switch action {
            case .forward: forward()
            case .sendToAgent(let bytes): sendToAgent(ByteBuffer(bytes: bytes))
            case .sendToClient(let bytes): sendToClient(ByteBuffer(bytes: bytes))
            case .answer(let requestID, let answer):
                let (id, client) = (session.id, session.client)
                hub.event { coordinator, now in
                    coordinator.answered(requestID, answer, from: id, by: client, now: now)
                }
            case .subscribe(let threadID, let change):
                let id = session.id
                hub.event { coordinator, now in coordinator.subscribe(to: threadID, by: id, change: change, now: now) }
            case .unsubscribe(let threadID):
                let id = session.id
                hub.event { coordinator, _ in coordinator.unsubscribe(from: threadID, by: id) }
            case .stopCommands(let threadID): stopCommands(threadID)
            case .changeMode(let threadID, let change):
                hub.event { coordinator, _ in coordinator.changeMode(threadID, change) }
            case .inputReceived(let threadID, let message, let call):
                let failure = hub.inputReceived(session.client.principal, inThread: threadID, message)
                guard let failure, let call else { continue }
                return perform(session.inputNotKept(of: call, reason: failure))
            case .messageRefused(let threadID, let message):
                let principal = session.client.principal
                hub.event { coordinator, _ in
                    coordinator.messageRefused(message, by: principal, inThread: threadID)
                }
            case .inherit(let threadID, let forkedFrom, let parent):
                hub.event { coordinator, _ in coordinator.inherit(threadID, forkedFrom: forkedFrom, parent: parent) }
            case .closeThread(let threadID, let reason):
                hub.event { coordinator, _ in coordinator.close(threadID, reason: reason) }
            case .agentAsked(let requestID, let method, let params):
                guard let agent = session.agent?.id else { continue }
                let id = session.id
                hub.event { coordinator, now in
                    coordinator.agentAsked(agent, requestID, over: id, method: method, params: params, now: now)
                }
            case .agentResolved(let requestID):
                guard let agent = session.agent?.id else { continue }
                hub.event { coordinator, now in coordinator.agentResolved(agent, requestID, now: now) }
            case .allowStart(let grant): hub.allowStart(grant)
            case .itemStarted(let item):
                guard let agent = session.agent?.id else { continue }
                let id = session.id
                hub.event { coordinator, now in coordinator.itemStarted(item, by: agent, seenBy: id, now: now) }
            case .itemCompleted(let item):
                hub.itemCompleted(item)
            case .turnBegan(let turnID, let threadID, let input):
                guard let agent = session.agent?.id else { continue }
                let client = session.client
                hub.event { coordinator, now in
                    coordinator.turnBegan(
                        turnID, inThread: threadID, by: client, of: agent, input: input.content,
                        clientMessageID: input.message?.clientID, settings: input.settings, now: now)
                }
            case .turnCompleted(let turnID, let threadID, let status):
                hub.turnCompleted(turnID, inThread: threadID, status: status)
                closeIfIdle()
            case .agentMisconfigured(let fault): leaveAgent(because: fault.sentence)
            }
        }
        flush()
    }

    /// Passes the session's notes to the record.
    func recordNotes() {
        for entry in session.takeNotes() { hub.note(entry) }
    }

    private func stopCommands(_ threadID: String) {
        let hub = hub
        connector.stopCommands(ofThread: threadID, on: eventLoop).whenSuccess { left in
            hub.notifySubscribers(
                threadID, "sre/commandsStopped",
                ["threadId": .string(threadID), "left": .array(left.map { .string($0) })])
        }
    }

    /// Performs an effect for this session. Called by the hub on the session's event loop.
    func perform(_ effect: ThreadCoordinator.Effect) {
        switch effect {
        case .show(let approval, _):
            sendToClient(ByteBuffer(bytes: session.render(approval)))
        case .notify(_, let method, let params):
            sendToClient(ByteBuffer(bytes: session.render(notification: method, params: params)))
        case .respond(_, let agentID, let requestID, let answer): respond(answer, to: agentID, requestID)
        case .interrupt(_, let interrupt): perform(interrupt)
        case .record, .keep, .allowStart, .revokeStart, .revokeStarts, .limitStarts, .revokePatch, .decide, .announce,
            .expire:
            break
        }
        flush()
    }

    private func respond(_ answer: Answer, to agentID: AgentID, _ requestID: RequestID) {
        // Each agent counts its requests from the start: another agent uses this id for another request.
        guard let link = agent.link, link.info.id == agentID else {
            let id = session.id
            return hub.event { coordinator, _ in coordinator.notDelivered(to: agentID, requestID, over: id) }
        }
        let message =
            switch answer {
            case .result(let result): MessageEncoder.result(result, id: requestID)
            case .error(let error): MessageEncoder.error(error, id: requestID)
            }
        link.send(ByteBuffer(bytes: message))
    }

    private func perform(_ interrupt: ThreadCoordinator.Interrupt) {
        guard agent.isAttached else {
            let id = session.id
            return hub.event { coordinator, _ in coordinator.notInterrupted(interrupt, over: id) }
        }
        perform(session.interrupt(threadID: interrupt.threadID, turnID: interrupt.turnID))
    }
}
