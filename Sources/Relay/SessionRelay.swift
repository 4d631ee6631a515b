import JSON
import JSONRPC
public import Logging
public import NIOCore
public import Session

/// Carries messages between one client and its agent and performs what ``ClientSession`` decides.
///
/// Lives on one event loop: the client's socket, the agent's connection and this object are all called there and
/// nowhere else, so a message passes through without a hop, a task or a lock.
public final class SessionRelay {
    private enum AgentState {
        /// → `attached` or `absent`. The client's messages wait, so that a fast client need not wait itself.
        case connecting(waiting: [ByteBuffer])
        /// → `absent`, when the agent ends.
        case attached(any AgentLink)
        /// → `attached`, when it is back. Requests are answered with an error meanwhile.
        case absent
        /// The client is gone. Final.
        case closed
    }

    private var session: ClientSession
    private var agent: AgentState = .connecting(waiting: [])
    private var client: (any ClientLink)?
    private var isClientWritable = true
    private var hasLostAgent = false
    private var attachedAt = NIODeadline.now()
    /// Agents that ended soon after they came, in a row.
    private var shortLives = 0
    private let hub: Hub
    private let connector: any AgentConnector
    private let eventLoop: any EventLoop
    private let logger: Logger

    /// How many messages a client may send before its agent is there.
    static let waitingLimit = 1_000
    /// How long those messages wait before they are answered with an error.
    static let connectPatience: TimeAmount = .seconds(20)
    /// An agent that lived this long ended for reasons of its own: the next is asked for at once.
    static let healthyLife: TimeAmount = .seconds(60)

    /// Must be called on `eventLoop`, and ``start()`` after it.
    public init(
        session: ClientSession, client: any ClientLink, hub: Hub, connector: any AgentConnector,
        eventLoop: any EventLoop, logger: Logger
    ) {
        self.session = session
        self.client = client
        self.hub = hub
        self.connector = connector
        self.eventLoop = eventLoop
        self.logger = logger
    }

    public func start() {
        hub.opened(session.id, NIOLoopBound(self, eventLoop: eventLoop))
        connect()
        if let outage = connector.outage { return giveUpWaiting(outage) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.connectPatience) { bound.value.giveUpWaiting("The agent is slow to start.") }
    }

    // MARK: The client's side

    public func clientSent(_ message: ByteBuffer) {
        switch agent {
        case .connecting(var waiting):
            agent = .closed  // gives up the only other reference, so that the append happens in place
            waiting.append(message)
            agent = .connecting(waiting: waiting)
            if waiting.count > Self.waitingLimit { giveUpWaiting("The agent is slow to start.") }
        case .attached, .absent:
            let outcome = message.withUnsafeReadableBytes { session.receiveFromClient($0) }
            switch outcome {
            case .forward: sendToAgent(message)
            case .act(let actions): perform(actions, forward: { self.sendToAgent(message) })
            }
        case .closed: break
        }
    }

    /// The client's socket has no more messages for now.
    public func clientPaused() {
        if case .attached(let link) = agent { link.flush() }
        client?.flush()
    }

    public func clientWritabilityChanged(_ isWritable: Bool) {
        isClientWritable = isWritable
        if case .attached(let link) = agent { link.setReading(isWritable) }
    }

    public func clientClosed() {
        guard client != nil else { return }
        client = nil
        hub.closed(session.id)
        if case .attached(let link) = agent { link.close() }
        agent = .closed
    }

    // MARK: Actions and effects

    private func perform(_ actions: [ClientSession.Action], forward: () -> Void = {}) {
        for action in actions {
            switch action {
            case .forward: forward()
            case .sendToAgent(let bytes): sendToAgent(ByteBuffer(bytes: bytes))
            case .sendToClient(let bytes): client?.send(ByteBuffer(bytes: bytes))
            case .answer(let requestID, let answer):
                let (id, actor) = (session.id, session.actor)
                hub.event { desk, now in desk.answered(requestID, answer, from: id, actor: actor, now: now) }
            case .follow(let threadID, let change):
                let id = session.id
                hub.event { desk, _ in desk.follow(threadID, by: id, change: change) }
            case .unfollow(let threadID):
                let id = session.id
                hub.event { desk, _ in
                    desk.unfollow(threadID, by: id)
                    return []
                }
            case .stopCommands(let threadID): stopCommands(threadID)
            case .changeMode(let threadID, let change):
                hub.event { desk, _ in desk.changeMode(threadID, change) }
            case .agentAsked(let requestID, let method, let params):
                guard let agent = session.agent?.id else { continue }
                let id = session.id
                hub.event { desk, now in
                    desk.agentAsked(agent, requestID, over: id, method: method, params: params, now: now)
                }
            case .agentResolved(let requestID):
                guard let agent = session.agent?.id else { continue }
                hub.event { desk, now in desk.agentResolved(agent, requestID, now: now) }
            case .itemStarted(let item):
                let id = session.id
                hub.event { desk, _ in desk.itemStarted(item, seenBy: id) }
            }
        }
        client?.flush()
        if case .attached(let link) = agent { link.flush() }
    }

    private func stopCommands(_ threadID: String) {
        let hub = hub
        connector.stopCommands(ofThread: threadID, on: eventLoop).whenSuccess { left in
            hub.tellFollowers(
                threadID, "sre/commandsStopped",
                ["threadId": .string(threadID), "left": .array(left.map { .string($0) })])
        }
    }

    /// Carries out an effect that concerns this session. Called by the hub, on the session's event loop.
    func perform(_ effect: Desk.Effect) {
        switch effect {
        case .show(let approval, _):
            client?.send(ByteBuffer(bytes: session.render(approval)))
        case .notify(_, let method, let params):
            client?.send(ByteBuffer(bytes: session.render(notification: method, params: params)))
        case .respond(_, let requestID, .result(let result)):
            sendToAgent(ByteBuffer(bytes: Write.result(result, id: requestID)))
        case .respond(_, let requestID, .error(let error)):
            sendToAgent(ByteBuffer(bytes: Write.error(error, id: requestID)))
        case .interrupt(_, let threadID, let turnID):
            perform(session.interrupt(threadID: threadID, turnID: turnID))
        case .decide, .expire: break
        }
        client?.flush()
        if case .attached(let link) = agent { link.flush() }
    }

    private func sendToAgent(_ message: ByteBuffer) {
        if case .attached(let link) = agent { link.send(message) }
    }

    // MARK: The agent's side

    private func connect() {
        let receiver = NIOLoopBound<any AgentReceiver>(self, eventLoop: eventLoop)
        connector.connect(receiver).hop(to: eventLoop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let link): self.attach(link.value)
            case .failure(let error): self.unavailable("\(error)")
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
        attachedAt = .now()
        perform(session.agentAttached(link.facts))
        if hasLostAgent { tellStatus("ready", "The agent is back.") }
        waiting.forEach(clientSent)
        link.setReading(isClientWritable)
        clientPaused()
    }

    private func unavailable(_ reason: String) {
        logger.debug("no agent for session", metadata: ["reason": "\(reason)"])
        giveUpWaiting(reason)
        guard case .absent = agent else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(200)) {
            if case .absent = bound.value.agent { bound.value.connect() }
        }
    }

    /// Answers what waited with an error: nothing hangs because the agent does not come.
    private func giveUpWaiting(_ reason: String) {
        guard case .connecting(let waiting) = agent else { return }
        agent = .absent
        hasLostAgent = true
        tellStatus("restarting", reason)
        waiting.forEach(clientSent)
        client?.flush()
    }
}

extension SessionRelay: AgentReceiver {
    public func agentSent(_ message: ByteBuffer) {
        let outcome = message.withUnsafeReadableBytes { session.receiveFromAgent($0) }
        switch outcome {
        case .forward: client?.send(message)
        case .act(let actions): perform(actions, forward: { self.client?.send(message) })
        }
    }

    public func agentPaused() {
        client?.flush()
    }

    public func agentClosed(_ reason: String) {
        guard case .attached(let link) = agent else { return }
        agent = .absent
        hub.agentEnded(link.facts.id)
        hasLostAgent = true
        tellStatus("restarting", reason)
        perform(session.agentLost(reason))
        reconnect()
    }

    /// `ready` is said when this session can be used again, not when the agent is.
    private func tellStatus(_ state: String, _ message: String) {
        let params: JSONValue = ["state": .string(state), "message": .string(message)]
        client?.send(ByteBuffer(bytes: Write.notification("sre/agentStatus", params: params)))
        client?.flush()
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
