import AuditRecord
import JSON
public import Logging
public import NIOCore
import Policy
public import Session

/// Carries messages between one client and its agent and performs what ``ClientSession`` decides.
///
/// Lives on one event loop. The agent's connection and the session's first socket live there too, so a message passes
/// through without a hop, a task or a lock. A resumable session outlives its sockets.
public final class SessionRelay {
    var session: ClientSession
    var agent = AgentConnection()
    var client: ClientConnection
    var drain = Drain()
    /// In `coalescer`, waiting to be flushed.
    var isFlushPending = false
    /// Has unflushed agent messages.
    var isCarrying = false
    let keeping: Keeping
    let hub: Hub
    let connector: any AgentConnector
    let drainDeadline: DrainDeadline
    let eventLoop: any EventLoop
    let coalescer: FlushCoalescer
    let logger: Logger

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
        client = ClientConnection(ReplayBuffer(isResumable: keeping.isResumable, limits: keeping.limits))
    }

    /// Opens the session for its first socket.
    public func begin(_ link: any ClientLink) -> any ClientReceiver {
        let attachment = ClientAttachment(link, at: self)
        client.begin(attachment)
        if case .resumable(let id, _, _, _) = keeping {
            link.send(ByteBuffer(bytes: SessionNotice(sessionID: id, resume: .new, next: 0, received: 0).message))
            link.flush()
        }
        hub.opened(
            session.id, mayAnswer: session.principal.role >= .approver, NIOLoopBound(self, eventLoop: eventLoop))
        note(.sessionOpened, ["resumable": .bool(keeping.isResumable)])
        connect()
        waitForFirstAgent()
        return attachment
    }

    /// Ends the session for good: it cannot be resumed.
    func end() {
        guard !agent.isClosed else { return }
        client.close()
        for promise in drain.takeWaiting() { promise.succeed() }
        // Closed before its link is: a link reports its end from within close(), which must have no effect here.
        if let link = agent.close() {
            link.close()
            // An agent of the session's own ends with it: its questions are void and its commands end unseen.
            if !link.info.isShared { hub.agentEnded(link.info.id) }
        }
        hub.closed(session.id)
        note(.sessionClosed)
        if case .resumable(_, _, _, let onChange) = keeping { onChange(.ended) }
    }

    /// Records an event of the session's life.
    func note(_ kind: AuditEntry.Kind, _ more: JSONObject = [:]) {
        var details: JSONObject = ["session": .number(JSONNumber(Int64(session.id.value)))]
        for (key, value) in more.members { details[key] = value }
        hub.note(session.client.entry(kind, at: 0, details: details))
    }
}
