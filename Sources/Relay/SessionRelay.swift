import AuditRecord
import JSON
import JSONRPC
public import Logging
public import NIOCore
public import Session

/// Carries messages between one client and its agent and performs what ``ClientSession`` decides.
///
/// Lives on one event loop: the agent's connection and this object are called there and nowhere else, and so is the
/// socket that the session began with, so a message passes through without a hop, a task or a lock. The socket only
/// looks at the session; one that can be resumed outlives it.
public final class SessionRelay {
    /// Does the session end with its socket?
    public enum Keeping {
        case withSocket(ReplayBuffer.Limits)
        /// Kept for that long without a socket, longer while a turn runs or a question waits. What becomes of it is
        /// told on its event loop.
        case resumable(id: String, ReplayBuffer.Limits, TimeAmount, onChange: @Sendable (KeptChange) -> Void)

        var limits: ReplayBuffer.Limits {
            switch self {
            case .withSocket(let limits), .resumable(_, let limits, _, _): limits
            }
        }

        var isResumable: Bool { if case .resumable = self { true } else { false } }
    }

    public enum KeptChange: Sendable {
        /// It has no socket any more. `isBusy`: a turn runs, or a question waits.
        case waits(isBusy: Bool)
        /// It has a socket again.
        case attended
        /// Called once, and nothing after it.
        case ended
    }

    enum AgentState {
        /// → `attached` or `absent`. The client's messages wait, so that a fast client need not wait itself.
        case connecting(waiting: [ByteBuffer])
        /// → `absent`, when the agent ends.
        case attached(any AgentLink)
        /// → `attached`, when it is back. Requests are answered with an error meanwhile.
        case absent
        /// The session is over. Final.
        case closed
    }

    var session: ClientSession
    var agent: AgentState = .connecting(waiting: [])
    /// The socket that looks at the session now.
    var attachment: ClientAttachment?
    var replayBuffer: ReplayBuffer
    var isClientWritable = true
    /// Waits in `coalescer` for its messages to be flushed.
    var isFlushPending = false
    /// Of the agent's messages, some wait for the flush.
    var isCarrying = false
    var isSendingWhatIsKept = false
    var isStopping = false
    /// Whoever waits for the session's turns to end.
    var draining: [EventLoopPromise<Void>] = []
    /// How many messages of the client's have come, over all of its sockets.
    var received: UInt64 = 0
    /// The number of the socket that took the session last.
    var lastNumber: UInt64 = 0
    /// The client was told that the agent is gone, and not yet that it is back.
    var owesReady = false
    var attachedAt = NIODeadline.now()
    /// Agents that ended soon after they came, in a row.
    var shortLives = 0
    var ending: Scheduled<Void>?
    /// Until the first agent is there.
    var connecting: Scheduled<Void>?
    var heartbeat = Heartbeat()
    var nextTick: NIOScheduledCallback?
    let keeping: Keeping
    let hub: Hub
    let connector: any AgentConnector
    let drainDeadline: DrainDeadline
    let eventLoop: any EventLoop
    let coalescer: FlushCoalescer
    let logger: Logger

    /// How many messages a client may send before its agent is there.
    static let waitingLimit = 1_000
    /// How long those messages wait before they are answered with an error.
    static let connectPatience: TimeAmount = .seconds(20)

    /// Must be called on `eventLoop`, and ``begin(_:)`` after it.
    public init(
        session: ClientSession, keeping: Keeping, hub: Hub, connector: any AgentConnector, drainDeadline: DrainDeadline,
        eventLoop: any EventLoop, logger: Logger
    ) {
        self.session = session
        self.keeping = keeping
        self.hub = hub
        self.connector = connector
        self.drainDeadline = drainDeadline
        self.eventLoop = eventLoop
        self.logger = logger
        coalescer = hub.flushCoalescers.coalescer(on: eventLoop)
        replayBuffer = ReplayBuffer(isResumable: keeping.isResumable, limits: keeping.limits)
    }

    /// Opens the session for its first socket.
    public func begin(_ link: any ClientLink) -> any ClientReceiver {
        let attachment = ClientAttachment(link, at: self)
        self.attachment = attachment
        if case .resumable(let id, _, _, _) = keeping {
            link.send(ByteBuffer(bytes: SessionNotice(sessionID: id, resume: .new, next: 0, received: 0).message))
            link.flush()
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        hub.opened(session.id, bound)
        hub.note(
            session.client.entry(
                .sessionOpened, at: 0,
                details: [
                    "session": .number(JSONNumber(Int64(session.id.value))), "resumable": .bool(keeping.isResumable),
                ]))
        connect()
        if let outage = connector.outage {
            giveUpWaiting(outage)
        } else {
            connecting = eventLoop.scheduleTask(in: Self.connectPatience) {
                bound.value.giveUpWaiting("The agent is slow to start.")
            }
        }
        return attachment
    }

    /// The session is over: nobody can come back to it.
    func end() {
        if case .closed = agent { return }
        ending?.cancel()
        connecting?.cancel()
        nextTick?.cancel()
        attachment = nil
        for promise in draining { promise.succeed() }
        draining = []
        let before = agent
        // First: the link tells of its end at once, which is nobody's news any more.
        agent = .closed
        if case .attached(let link) = before {
            link.close()
            // What it asked nobody can answer, and what it ran nobody sees end.
            if !link.info.isShared { hub.agentEnded(link.info.id) }
        }
        hub.closed(session.id)
        hub.note(
            session.client.entry(
                .sessionClosed, at: 0, details: ["session": .number(JSONNumber(Int64(session.id.value)))]))
        if case .resumable(_, _, _, let onChange) = keeping { onChange(.ended) }
    }

    func flush() {
        attachment?.link.flush()
        if case .attached(let link) = agent { link.flush() }
    }

    /// Both sides are flushed when the event loop has heard everybody.
    func flushLater() {
        guard !isFlushPending else { return }
        isFlushPending = true
        coalescer.add(self)
    }

    /// Says whether messages of the agent's were among what is now written.
    func flushPending() -> Bool {
        isFlushPending = false
        flush()
        defer { isCarrying = false }
        return isCarrying
    }
}
