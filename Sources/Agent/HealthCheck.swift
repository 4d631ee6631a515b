import JSONRPC
import NIOCore
import Relay
import Session

/// Keeps a supervisor's connection to the shared agent open and periodically checks that the agent still answers.
///
/// Used on one event loop. A closed connection does not count as a failure: the supervisor notices the agent's end
/// itself.
final class HealthCheck: AgentReceiver {
    private let onSilence: @Sendable () -> Void
    private let eventLoop: any EventLoop
    private var link: (any AgentLink)?
    private var heartbeat = Heartbeat()
    private var ticking: RepeatedTask?

    /// `onSilence` is called once, when no message has arrived for ``Heartbeat/patience``.
    private init(on eventLoop: any EventLoop, onSilence: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.onSilence = onSilence
    }

    /// `connect` opens a connection for the given receiver. The check runs until the connection closes.
    static func start(
        on eventLoop: any EventLoop, onSilence: @escaping @Sendable () -> Void,
        connect: @escaping @Sendable (NIOLoopBound<any AgentReceiver>) -> EventLoopFuture<NIOLoopBound<any AgentLink>>
    ) {
        eventLoop.execute {
            let check = HealthCheck(on: eventLoop, onSilence: onSilence)
            let bound = NIOLoopBound(check, eventLoop: eventLoop)
            connect(NIOLoopBound(check, eventLoop: eventLoop)).hop(to: eventLoop).whenSuccess { link in
                bound.value.begin(link.value)
            }
        }
    }

    private func begin(_ link: any AgentLink) {
        self.link = link
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let tick = TimeAmount.seconds(Int64(Heartbeat.tick))
        ticking = eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in bound.value.tick() }
    }

    private func tick() {
        switch heartbeat.tick(isExpecting: true) {
        case .nothing: break
        case .ask:
            let request = MessageEncoder.request(
                ClientSession.healthMethod, id: .string("sre-health"), params: ClientSession.healthParams)
            link?.send(ByteBuffer(bytes: request))
            link?.flush()
        case .giveUp:
            ticking?.cancel()
            onSilence()
        }
    }

    func agentSent(_ message: ByteBuffer) { heartbeat.heard() }

    func agentPaused() {}

    func agentClosed(_ reason: String) {
        ticking?.cancel()
        link = nil
    }
}
