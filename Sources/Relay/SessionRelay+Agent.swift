import JSON
import JSONRPC
import Logging
public import NIOCore
import Session

/// The agent's side: one agent after another.
extension SessionRelay {
    /// An agent that lived this long ended for reasons of its own: the next is asked for at once.
    static let healthyLife: TimeAmount = .seconds(60)

    func connect() {
        let receiver = NIOLoopBound<any AgentReceiver>(self, eventLoop: eventLoop)
        connector.connect(receiver).hop(to: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let link): self.attach(link.value)
            case .failure(let error): self.unavailable(error)
            }
        }
    }

    private func attach(_ link: any AgentLink) {
        let waiting: [ByteBuffer]
        switch agent {
        case .connecting(let messages): waiting = messages
        case .absent: waiting = []
        case .attached, .closed: return link.close()
        }
        agent = .attached(link)
        connecting?.cancel()
        connecting = nil
        attachedAt = .now()
        perform(session.agentAttached(link.info, isBack: owesReady))
        tellReady()
        waiting.forEach(clientSent)
        updateReading()
        flush()
        if !link.info.isShared { watch() }
    }

    /// An agent of the session's own has no supervisor that would notice that it hangs.
    private func watch() {
        nextTick?.cancel()
        heartbeat = Heartbeat()
        scheduleTick()
    }

    /// A callback holds neither a promise nor a closure, of which a repeated task has several.
    private struct Tick: NIOScheduledCallbackHandler {
        let relay: NIOLoopBound<SessionRelay>

        func handleScheduledCallback(eventLoop: some EventLoop) { relay.value.tick() }
    }

    private func scheduleTick() {
        let tick = Tick(relay: NIOLoopBound(self, eventLoop: eventLoop))
        nextTick = try? eventLoop.scheduleCallback(in: .seconds(Int64(Heartbeat.tick)), handler: tick)
    }

    private func tick() {
        guard case .attached(let link) = agent else { return }
        scheduleTick()
        // A client that does not read keeps its agent waiting; that is no sign of anything.
        let isHeard = attachment == nil || isClientWritable
        switch heartbeat.tick(isExpecting: isHeard && session.isExpectingAgent) {
        case .nothing: break
        case .ask: perform([session.askForSign()])
        case .giveUp: link.abandon()
        }
    }

    /// It serves nobody, and what it still says reaches nobody.
    func leaveAgent(because reason: String) {
        guard case .attached(let link) = agent else { return }
        connector.startedMisconfigured(link.info.id, reason)
        agentClosed(reason)
        if link.info.isShared { link.close() } else { link.abandon() }
    }

    private func unavailable(_ error: any Error) {
        logger.debug("no agent for session", metadata: ["reason": "\(error)"])
        let isWaiting = if case .connecting = agent { true } else { false }
        giveUpWaiting("\(error)")
        if !isWaiting, owesReady, session.agentMissing("\(error)") {
            tellStatus("restarting", "\(error)")
            flush()
        }
        let isFinal = (error as? AgentUnavailable)?.isFinal ?? false
        guard case .absent = agent, !isFinal else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(200)) {
            if case .absent = bound.value.agent { bound.value.connect() }
        }
    }

    /// Answers what waited with an error: nothing hangs because the agent does not come.
    func giveUpWaiting(_ reason: String) {
        guard case .connecting(let waiting) = agent else { return }
        agent = .absent
        owesReady = true
        _ = session.agentMissing(reason)
        tellStatus("restarting", reason)
        waiting.forEach(clientSent)
        flush()
    }

    /// `ready` is said when this session can be used again and its threads are open, not when the agent is there.
    private func tellReady() {
        guard case .attached = agent, owesReady, !session.isReopening else { return }
        owesReady = false
        tellStatus("ready", "The agent is back.")
    }

    private func tellStatus(_ state: String, _ message: String) {
        let params: JSONValue = ["state": .string(state), "message": .string(message)]
        sendToClient(ByteBuffer(bytes: MessageEncoder.notification("sre/agentStatus", params: params)))
        attachment?.link.flush()
    }

    /// At once the first time, then after 0.25 s, doubling to 30 s: an agent of a session's own that ends at its start
    /// must not be started over and over.
    private func reconnect() {
        shortLives = .now() - attachedAt >= Self.healthyLife ? 0 : shortLives + 1
        let delay = shortLives < 2 ? 0 : min(Int64(250) << min(shortLives - 2, 10), 30_000)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(delay)) {
            if case .absent = bound.value.agent { bound.value.connect() }
        }
    }
}

extension SessionRelay: AgentReceiver {
    public func agentSent(_ message: ByteBuffer) {
        guard case .attached = agent else { return }
        heartbeat.heard()
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
        guard case .attached(let link) = agent else { return }
        agent = .absent
        owesReady = true
        nextTick?.cancel()
        let id = session.id
        hub.event { coordinator, _ in coordinator.connectionLost(of: id) }
        connector.hasEnded(link.info.id, on: eventLoop).assumeIsolated().whenSuccess { hasEnded in
            if !hasEnded {
                self.hub.event { coordinator, _ in coordinator.missedEvents(id) }
            } else if !link.info.isShared {
                self.hub.agentEnded(link.info.id)
            }
            // After what the hub has put on this event loop: items end before their turn does.
            let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
            self.eventLoop.execute { bound.value.agentLost(reason, withItsTurns: hasEnded) }
        }
    }

    private func agentLost(_ reason: String, withItsTurns: Bool) {
        guard case .absent = agent else { return }
        tellStatus("restarting", reason)
        perform(session.agentLost(reason, withItsTurns: withItsTurns))
        reconnect()
    }
}
