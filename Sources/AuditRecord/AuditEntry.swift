public import JSON

/// One row of the record: something that happened, who was behind it, and what it was about.
public struct AuditEntry: Sendable, Hashable {
    /// Stable words: they stand in the record for ever.
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
        /// With the words of the request.
        case turnStarted = "turn.started"
        case turnCompleted = "turn.completed"
        /// A call that does something, other than a turn's start.
        case methodCalled = "method.called"
        /// A role or the floor forbids a call.
        case methodRefused = "method.refused"
        /// A server request as it was shown.
        case questionAsked = "question.asked"
        case decision
        case decisionByRule = "decision.rule"
        case decisionByTimeout = "decision.timeout"
        /// Nobody can answer any more: the turn was stopped, or the agent ended.
        case decisionVoid = "decision.void"
        /// An earlier approval for the whole thread covers it.
        case decisionStanding = "decision.standing"
        /// The thread asks nothing.
        case decisionUnattended = "decision.unattended"
        case answerRejected = "answer.rejected"
        case questionResolved = "question.resolved"
        /// What came of a command, a patch or a tool call.
        case itemCompleted = "item.completed"
        case alarm
        case configurationChanged = "configuration.changed"
        case tokenCreated = "token.created"
        case tokenRevoked = "token.revoked"
        case ticketCreated = "ticket.created"
        case agentStarted = "agent.started"
        case agentEnded = "agent.ended"
        /// Rows that could not be written while the disk failed, by number.
        case recordGap = "record.gap"
    }

    public var kind: Kind
    /// Milliseconds since 1970 UTC.
    public var at: Int64
    /// The name that people know somebody by; nil where nobody in particular is behind it.
    public var actor: String?
    public var role: String?
    public var address: String?
    public var userAgent: String?
    public var threadID: String?
    public var turnID: String?
    public var itemID: String?
    public var requestID: String?
    public var details: JSONObject
    /// Texts that are too long to keep, by name: `details` gets `<name>Bytes` and `<name>Sha256` of each.
    public var digested: [String: String]

    public init(
        _ kind: Kind, at: Int64, actor: String? = nil, role: String? = nil, address: String? = nil,
        userAgent: String? = nil, threadID: String? = nil, turnID: String? = nil, itemID: String? = nil,
        requestID: String? = nil, details: JSONObject = JSONObject(), digested: [String: String] = [:]
    ) {
        self.kind = kind
        self.at = at
        self.actor = actor
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
