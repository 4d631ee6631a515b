public import JSON

/// One row of the record: an event, who caused it, and what it was about.
public struct AuditEntry: Sendable, Hashable {
    /// These words must never change, because they are in existing records.
    public enum Kind: String, Sendable, CaseIterable {
        case serverStarted = "server.started"
        case serverStopped = "server.stopped"
        case signInAccepted = "signin.accepted"
        case signInRefused = "signin.refused"
        case signInEnded = "signin.ended"
        /// Before a request is handled: a foreign origin or host, missing credentials, a limit.
        case requestRefused = "request.refused"
        case sessionOpened = "session.opened"
        case sessionResumed = "session.resumed"
        case sessionClosed = "session.closed"
        case threadOpened = "thread.opened"
        /// Includes the request's input.
        case turnStarted = "turn.started"
        case turnCompleted = "turn.completed"
        /// A call that acts on something, other than the start of a turn.
        case methodCalled = "method.called"
        /// A role or the floor forbids a call.
        case methodRefused = "method.refused"
        /// A server request as it was shown to clients.
        case questionAsked = "question.asked"
        case decision
        case decisionByRule = "decision.rule"
        case decisionByTimeout = "decision.timeout"
        /// The question can no longer be answered: the turn was stopped, or the agent ended.
        case decisionVoid = "decision.void"
        /// An earlier approval for the whole thread covers the call.
        case decisionStanding = "decision.standing"
        /// The thread's mode lets calls run without asking.
        case decisionUnattended = "decision.unattended"
        case answerRejected = "answer.rejected"
        case questionResolved = "question.resolved"
        /// The outcome of a command, a patch or a tool call.
        case itemCompleted = "item.completed"
        case alarm
        case configurationChanged = "configuration.changed"
        case tokenCreated = "token.created"
        case tokenRevoked = "token.revoked"
        case ticketCreated = "ticket.created"
        case agentStarted = "agent.started"
        case agentEnded = "agent.ended"
        /// Reports how many rows could not be written while the disk failed.
        case recordGap = "record.gap"
    }

    public var kind: Kind
    /// Milliseconds since 1970 UTC.
    public var at: Int64
    /// The display name of the person or client; nil if the event belongs to none.
    public var actor: String?
    /// Tells persons of the same name apart. Rows written before this member existed have none.
    public var actorID: String?
    public var role: String?
    public var address: String?
    public var userAgent: String?
    public var threadID: String?
    public var turnID: String?
    public var itemID: String?
    public var requestID: String?
    public var details: JSONObject
    /// Texts that are too long to store, by name: `details` gets `<name>Bytes` and `<name>Sha256` for each.
    public var digested: [String: String]

    public init(
        _ kind: Kind, at: Int64, actor: String? = nil, actorID: String? = nil, role: String? = nil,
        address: String? = nil,
        userAgent: String? = nil, threadID: String? = nil, turnID: String? = nil, itemID: String? = nil,
        requestID: String? = nil, details: JSONObject = JSONObject(), digested: [String: String] = [:]
    ) {
        self.kind = kind
        self.at = at
        self.actor = actor
        self.actorID = actorID
        self.role = role
        self.address = address
        self.userAgent = userAgent
        self.threadID = threadID
        self.turnID = turnID
        self.itemID = itemID
        self.requestID = requestID
        self.details = details
        self.digested = digested
    }
}
