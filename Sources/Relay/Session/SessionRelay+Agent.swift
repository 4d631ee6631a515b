import JSON
import JSONRPC
import Logging
public import NIOCore
import Session

/// What the agent's connection reports.
extension SessionRelay: AgentReceiver {
    public func agentSent(_ message: ByteBuffer) {
        guard agent.isAttached else { return }
        agent.heard()
        isCarrying = true
        let outcome = message.withUnsafeReadableBytes { session.receiveFromAgent($0) }
        switch outcome {
        case .forward: sendToClient(message)
        case .act(let actions):
            perform(actions, forward: { self.sendToClient(message) })
            tellReady()
        }
    }

    public func agentPaused() { flushLater() }

    public func agentClosed(_ reason: String) {
        guard let link = agent.lose(at: .now()) else { return }
        let id = session.id
        hub.event { coordinator, _ in coordinator.connectionLost(of: id) }
        connector.hasEnded(link.info.id, on: eventLoop).assumeIsolated().whenSuccess { hasEnded in
            if !hasEnded {
                self.hub.event { coordinator, _ in coordinator.missedEvents(id) }
            } else if !link.info.isShared {
                self.hub.agentEnded(link.info.id)
            }
            // Runs after the effects that the hub has put on this event loop: items end before their turn does.
            let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
            self.eventLoop.execute { bound.value.agentLost(reason, withItsTurns: hasEnded) }
        }
    }
}

/// One agent after another.
extension SessionRelay {
    /// How long a client's messages wait for the first agent before they are answered with an error.
    private static let connectPatience: TimeAmount = .seconds(20)
    private static let retryDelay: TimeAmount = .milliseconds(200)

    func connect() {
        let receiver = NIOLoopBound<any AgentReceiver>(self, eventLoop: eventLoop)
        connector.connect(receiver).hop(to: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let link): self.attach(link.value)
            case .failure(let error): self.unavailable(error)
            }
        }
    }

    private func connect(in time: TimeAmount) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: time) {
            if bound.value.agent.isAbsent { bound.value.connect() }
        }
    }

    func waitForFirstAgent() {
        if let outage = connector.outage { return giveUpWaiting(outage) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        agent.setTimeout(
            eventLoop.scheduleTask(in: Self.connectPatience) {
                bound.value.giveUpWaiting("The agent is slow to start.")
            })
    }

    private func attach(_ link: any AgentLink) {
        guard let start = agent.attach(link, at: .now()) else { return link.close() }
        perform(session.agentAttached(link.info, isBack: start.isBack))
        tellReady()
        start.waiting.forEach(clientSent)
        updateReading()
        flush()
        // A shared agent's supervisor notices a hang. An agent of the session's own has none.
        if !link.info.isShared { scheduleTick() }
    }

    private func unavailable(_ error: any Error) {
        logger.debug("no agent for session", metadata: ["reason": "\(error)"])
        let wasAbsent = agent.isAbsent
        giveUpWaiting("\(error)")
        if wasAbsent, session.agentMissing("\(error)") {
            tellStatus("restarting", "\(error)")
            flush()
        }
        let isFinal = (error as? AgentUnavailable)?.isFinal ?? false
        if agent.isAbsent, !isFinal { connect(in: Self.retryDelay) }
    }

    /// Answers the waiting messages with an error, so that no client hangs because the agent does not start.
    func giveUpWaiting(_ reason: String) {
        guard let waiting = agent.giveUpWaiting() else { return }
        _ = session.agentMissing(reason)
        tellStatus("restarting", reason)
        waiting.forEach(clientSent)
        flush()
    }

    private func agentLost(_ reason: String, withItsTurns: Bool) {
        guard agent.isAbsent else { return }
        tellStatus("restarting", reason)
        perform(session.agentLost(reason, withItsTurns: withItsTurns))
        connect(in: agent.reconnectDelay)
    }

    /// Leaves an agent that must not serve. Nothing that it still sends reaches the client.
    func leaveAgent(because reason: String) {
        guard let link = agent.link else { return }
        connector.startedMisconfigured(link.info.id, reason)
        agentClosed(reason)
        if link.info.isShared { link.close() } else { link.abandon() }
    }

    /// Says `ready` once the session can be used again and its threads are open, not when the agent is there.
    private func tellReady() {
        guard !session.isReopening, agent.takeReady() else { return }
        tellStatus("ready", "The agent is back.")
    }

    private func tellStatus(_ state: String, _ message: String) {
        let params: JSONValue = ["state": .string(state), "message": .string(message)]
        sendToClient(ByteBuffer(bytes: MessageEncoder.notification("sre/agentStatus", params: params)))
        client.attachment?.link.flush()
    }
}
