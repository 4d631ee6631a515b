import NIOCore
import Session

/// Notices that an agent of the session's own hangs.
extension SessionRelay {
    /// A callback allocates neither a promise nor closures, unlike a repeated task.
    private struct Tick: NIOScheduledCallbackHandler {
        let relay: NIOLoopBound<SessionRelay>

        func handleScheduledCallback(eventLoop: some EventLoop) { relay.value.tick() }
    }

    func scheduleTick() {
        let tick = Tick(relay: NIOLoopBound(self, eventLoop: eventLoop))
        agent.setTick(try? eventLoop.scheduleCallback(in: .seconds(Int64(Heartbeat.tick)), handler: tick))
    }

    private func tick() {
        guard let link = agent.link else { return }
        scheduleTick()
        // A client that does not read keeps its agent waiting, so the agent's silence means nothing.
        switch agent.tick(isExpecting: !client.isFull && session.isExpectingAgent) {
        case .nothing: break
        case .ask: perform([session.askForSign()])
        case .giveUp: link.abandon()
        }
    }
}
