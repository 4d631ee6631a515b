public import AuditRecord
import CodexProtocol
public import ExecGrants
public import JSON
public import JSONRPC

/// One client's side of the conversation: decides what passes, what is rewritten and what is answered here.
///
/// A pure state machine. Its handler calls it with each message and performs the actions in order.
public struct ClientSession: Sendable {
    public enum Outcome: Sendable {
        /// Forward the message to the other side, byte for byte. The plain path.
        case forward
        case act([Action])
    }

    public enum Action: Sendable {
        case forward
        case sendToAgent([UInt8])
        case sendToClient([UInt8])
        /// A client's answer to a server request, for the ``ThreadCoordinator``.
        case answer(requestID: JSONValue, Answer)
        /// The session has subscribed to a thread, and the client has been told.
        case subscribe(threadID: String, ThreadMode.Change)
        case unsubscribe(threadID: String)
        /// A turn was stopped. codex leaves the turn's command running, so the server ends it.
        case stopCommands(threadID: String)
        case changeMode(threadID: String, ThreadMode.Change)
        /// The client gives the thread input to act on, and may send a message with it, by the request `call`; nil if the
        /// agent has the input already. If the input's author cannot be stored, do not perform the actions that follow:
        /// call ``ClientSession/inputNotKept(of:reason:)`` instead.
        case inputReceived(threadID: String, UserMessage?, call: RequestID?)
        /// The agent has not taken this message.
        case messageRefused(threadID: String, UserMessage)
        /// A thread is open; the other threads are those whose input it started with.
        case inherit(threadID: String, forkedFrom: String?, parent: String?)
        /// The thread is closed to work: the agent opened it differently from what it was told.
        case closeThread(threadID: String, reason: String)
        /// The agent asks something that only a person, or the client's program, can answer.
        case agentAsked(RequestID, method: String, params: JSONValue)
        case agentResolved(RequestID)
        /// The client starts a program itself: the kernel must permit the start before the agent hears of the call.
        case allowStart(StartGrant)
        case itemStarted(StartedItem)
        case itemCompleted(CompletedItem)
        /// The agent has begun a turn that this client asked for.
        case turnBegan(turnID: String, threadID: String, TurnInput)
        case turnCompleted(turnID: String, threadID: String, status: String?)
        /// The agent has started without its configuration, so it must not serve.
        case agentMisconfigured(ConfigurationFault)
    }

    /// The protocol shape in which this client receives questions.
    public enum Dialect: Sendable {
        case codex
        /// The mission's older shape: `execCommandApproval` and `applyPatchApproval`.
        case legacy
    }

    /// A request from the client that the agent has not answered yet.
    enum Pending: Sendable {
        case plain
        case opening(ThreadCall)
        case turn(threadID: String, ThreadMode.Change, TurnInput)
        /// A message for a turn that runs, or for a later one.
        case message(threadID: String, UserMessage)
        case interrupt(threadID: String)
    }

    /// A request that the session makes itself, under an id that no client can guess.
    enum OwnCall: Sendable {
        case readThread(ThreadCall, client: RequestID?)
        case proveGate(PendingCall, client: RequestID?)
        /// Reopens, in the next agent, a thread that had a subscription when the previous agent ended.
        case reopen(ThreadCall)
        case interrupt(threadID: String)
        /// These turns of a thread may have ended while the connection to the agent was lost.
        case turnsEnded(threadID: String, [String])
        /// The first call to an agent that replaced another: its answer shows that the agent is ready.
        case greeting
        case unheeded
    }

    /// A call that waits until the gate is proved in its directory.
    enum PendingCall: Sendable {
        case thread(ThreadCall)
        case turn(TurnCall, method: String)
    }

    public let id: SessionID
    /// The person and where their current socket comes from. The person never changes.
    public var client: ClientContext
    public let dialect: Dialect
    public var policy: ServerPolicy
    let limits: TrafficLimits
    var frameRate: RateLimit
    var byteRate: RateLimit
    var recordedRate: RateLimit
    /// The same for `turn/interrupt`: who floods the server must still be able to stop a turn.
    var interruptRate: RateLimit
    /// The mode of a thread that any client has opened; asks the ``ThreadCoordinator``.
    let knownMode: @Sendable (String) -> ThreadMode?
    /// What is stored of a thread that any client has opened, also before the server restarted; asks the
    /// ``ThreadCoordinator``.
    let keptThread: @Sendable (String) -> KeptThread?
    /// Who sent the message that the agent reports as this item; asks the ``ThreadCoordinator``.
    let author: @Sendable (_ threadID: String, _ itemID: String, UserMessage) -> Author?
    /// Why the audit log cannot be written at the moment; nil while it can.
    let recordFailure: @Sendable () -> String?
    /// Makes the ids of the session's own calls unguessable, so that they cannot collide with a client's ids.
    let ownPrefix: String

    /// nil while no agent is connected.
    public internal(set) var agent: AgentInfo?
    /// Why no agent is connected, as a sentence.
    private(set) var outage: String?
    var pending: [RequestID: Pending] = [:]
    var ownCalls: [String: OwnCall] = [:]
    var ownCallCount = 0
    /// The client's `initialize` params, to repeat them to an agent that replaces another.
    var initializeParams: JSONValue?
    /// Notifications that the server needs and the client does not want.
    var optedOut: Set<String> = []
    var subscriptions: Set<String> = []
    /// The client has been told that a person answers.
    var hasSaidReviewer = false
    /// The threads and items of patches whose `item/started` the client already has from the gate, so that the one from codex is dropped.
    var announcedPatches: Set<[String]> = []
    /// Running turns of the threads that this session has subscribed to, with their threads.
    var runningTurns: [String: String] = [:]
    private(set) var isRefusingTurns = false
    /// Audit entries collected since the last ``takeNotes()``.
    private var notes: [AuditEntry] = []

    public init(
        id: SessionID, client: ClientContext, dialect: Dialect, policy: ServerPolicy, limits: TrafficLimits = .init(),
        ownPrefix: String,
        knownMode: @escaping @Sendable (String) -> ThreadMode?,
        keptThread: @escaping @Sendable (String) -> KeptThread? = { _ in nil },
        author: @escaping @Sendable (_ threadID: String, _ itemID: String, UserMessage) -> Author? = { _, _, _ in nil },
        recordFailure: @escaping @Sendable () -> String? = { nil }
    ) {
        self.recordFailure = recordFailure
        self.author = author
        self.keptThread = keptThread
        self.knownMode = knownMode
        self.id = id
        self.client = client
        self.dialect = dialect
        self.policy = policy
        self.limits = limits
        frameRate = RateLimit(perSecond: limits.framesPerSecond)
        byteRate = RateLimit(perSecond: limits.bytesPerSecond)
        recordedRate = RateLimit(perSecond: limits.recordedRequestsPerSecond, burstSeconds: 10)
        interruptRate = recordedRate
        self.ownPrefix = ownPrefix
    }

    public var principal: Principal { client.principal }

    /// An agent is connected. If it replaced another (`isBack`), it is told what the client told that one.
    public mutating func agentAttached(_ info: AgentInfo, isBack: Bool = false) -> [Action] {
        agent = info
        outage = nil
        guard let initializeParams else {
            return isBack ? [ownCall(Self.healthMethod, params: Self.healthParams, .greeting)] : []
        }
        var actions = [
            ownCall("initialize", params: initializeParams, .greeting),
            .sendToAgent(MessageEncoder.notification("initialized")),
        ]
        for threadID in subscriptions.sorted() where info.threadsRefused == nil {
            let params: JSONValue = ["threadId": .string(threadID), "excludeTurns": true]
            guard
                let call = try? ThreadCall(
                    .resume, params: params, principal: principal, policy: policy, known: knownMode, kept: keptThread)
            else { continue }
            actions.append(open(call, for: nil))
        }
        return actions
    }

    /// There is still no agent. Returns true if the reason, a sentence, has changed.
    public mutating func agentMissing(_ reason: String) -> Bool {
        defer { outage = reason }
        return outage != reason
    }

    public var isTurnRunning: Bool { !runningTurns.isEmpty }

    /// The server is stopping: running turns may end, but no new turn begins.
    public mutating func refuseTurns() { isRefusingTurns = true }

    /// The agent is gone: every pending request is answered with an error at once, and the agent's turns are over. If
    /// only the connection was lost, its turns go on.
    public mutating func agentLost(_ reason: String, withItsTurns: Bool = true) -> [Action] {
        agent = nil
        outage = reason
        var waiting = Array(pending.keys)
        waiting += ownCalls.values.compactMap(\.client)
        // An agent that goes on may still take them.
        let untaken = withItsTurns ? pending.values.compactMap(\.untaken) : []
        pending = [:]
        ownCalls = [:]
        announcedPatches = []
        let ended = withItsTurns ? runningTurns : [:]
        // Sub-agents' turns cannot be looked up later: threads without a subscription are not reopened.
        runningTurns = withItsTurns ? [:] : runningTurns.filter { subscriptions.contains($0.value) }
        let error = ErrorReply(.agentUnavailable, "agent restarted: the request was under way when it ended. \(reason)")
        return untaken + waiting.map { .sendToClient(MessageEncoder.error(error, id: $0)) }
            + ended.sorted { $0.key < $1.key }.map {
                .sendToClient(Self.interrupted(turnID: $0.key, threadID: $0.value))
            }
    }

    /// The notification that codex would have sent for a turn that it can no longer end.
    private static func interrupted(turnID: String, threadID: String) -> [UInt8] {
        let turn = Turn(id: turnID, items: [], itemsView: .notLoaded, status: .interrupted)
        return MessageEncoder.notification(
            "turn/completed", params: TurnCompletedNotification(threadId: threadID, turn: turn).json)
    }

    /// Makes a request on the session's own behalf. Its answer does not reach the client.
    mutating func ownCall(_ method: String, params: JSONValue, _ call: OwnCall) -> Action {
        ownCallCount += 1
        let id = "\(ownPrefix)\(ownCallCount)"
        ownCalls[id] = call
        return .sendToAgent(MessageEncoder.request(method, id: .string(id), params: params))
    }

    /// Does the client, or the server on its behalf, wait for the agent?
    public var isExpectingAgent: Bool { !pending.isEmpty || !ownCalls.isEmpty || isTurnRunning }

    /// A request whose only purpose is to get an answer.
    public mutating func askForSign() -> Action { ownCall(Self.healthMethod, params: Self.healthParams, .unheeded) }

    /// Every agent supports this call, because threads are only opened after it; with no directory it costs nothing.
    public static let healthMethod = "hooks/list"
    public static let healthParams: JSONValue = ["cwds": []]

    /// Stops a turn on the server's own behalf.
    public mutating func interrupt(threadID: String, turnID: String) -> [Action] {
        guard agent != nil else { return [] }
        return [
            ownCall(
                "turn/interrupt", params: ["threadId": .string(threadID), "turnId": .string(turnID)],
                .interrupt(threadID: threadID))
        ]
    }
}

extension ClientSession {
    /// Takes the entries collected so far, without their times.
    public mutating func takeNotes() -> [AuditEntry] {
        guard !notes.isEmpty else { return [] }
        defer { notes = [] }
        return notes
    }

    mutating func note(
        _ kind: AuditEntry.Kind, threadID: String? = nil, turnID: String? = nil, details: JSONObject = JSONObject()
    ) {
        notes.append(client.entry(kind, at: 0, threadID: threadID, turnID: turnID, details: details))
    }
}

extension ClientSession {
    /// Has an agent that replaced another still to answer, or are threads still being reopened in it?
    public var isReopening: Bool { ownCalls.values.contains(where: \.isReopening) }
}

extension ClientSession.Pending {
    /// What follows if the agent does not take the message that the request sends; nil if it sends none.
    var untaken: ClientSession.Action? {
        switch self {
        case .message(let threadID, let message): .messageRefused(threadID: threadID, message)
        case .turn(let threadID, _, let input): input.message.map { .messageRefused(threadID: threadID, $0) }
        case .plain, .opening, .interrupt: nil
        }
    }
}

extension ClientSession.OwnCall {
    var isReopening: Bool {
        switch self {
        case .greeting, .reopen, .readThread(_, nil), .proveGate(.thread, nil): true
        default: false
        }
    }

    /// The client's request that waits for this call, if any.
    var client: RequestID? {
        switch self {
        case .readThread(_, let client), .proveGate(_, let client): client
        case .greeting, .reopen, .interrupt, .turnsEnded, .unheeded: nil
        }
    }
}
