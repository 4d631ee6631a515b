public import JSON
public import JSONRPC

/// One client's side of the conversation: what passes, what is rewritten, what is answered here.
///
/// A pure state machine. Its handler calls it with each message and performs the actions in order.
public struct ClientSession: Sendable {
    public enum Outcome: Sendable {
        /// The message goes on to the other side, byte for byte. The plain path.
        case forward
        case act([Action])
    }

    public enum Action: Sendable {
        case forward
        case sendToAgent([UInt8])
        case sendToClient([UInt8])
        /// A client's answer to a server request, for the ``Desk``.
        case answer(requestID: JSONValue, Desk.Answer)
        /// The session now follows a thread; the client has been told.
        case follow(threadID: String, ThreadMode.Change)
        case unfollow(threadID: String)
        /// A turn was stopped. codex leaves the command that it ran running, so it is ended here.
        case stopCommands(threadID: String)
        case changeMode(threadID: String, ThreadMode.Change)
        /// The agent asks something that only a person, or the client's program, can answer.
        case agentAsked(RequestID, method: String, params: JSONValue)
        case agentResolved(RequestID)
        case itemStarted(StartedItem)
    }

    /// How this client wants to be asked.
    public enum Dialect: Sendable {
        case codex
        /// The mission's older shape: `execCommandApproval` and `applyPatchApproval`.
        case legacy
    }

    /// A request of the client's that the agent has not answered yet.
    enum Pending: Sendable {
        case plain
        case opening(ThreadCall)
        case turn(threadID: String, ThreadMode.Change)
        case interrupt(threadID: String)
    }

    /// A request of the session's own, under an id that no client can guess.
    enum OwnCall: Sendable {
        case readThread(ThreadCall, client: RequestID?)
        case proveGate(Held, client: RequestID?)
        /// A thread that was followed when the agent ended is being opened in the next one.
        case reopen(ThreadCall)
        case interrupt(threadID: String)
        case unheeded
    }

    /// What waits until the gate is proved in its directory.
    enum Held: Sendable {
        case thread(ThreadCall)
        case turn(TurnCall, method: String)
    }

    public let id: SessionID
    public let actor: Actor
    public let dialect: Dialect
    let policy: ServerPolicy
    /// The mode of a thread that somebody has opened before; asks the ``Desk``.
    let knownMode: @Sendable (String) -> ThreadMode?
    /// Makes the ids of the session's own calls unguessable, so that no client's id meets them.
    let ownPrefix: String

    /// Nil while no agent is there.
    public internal(set) var agent: AgentFacts?
    var pending: [RequestID: Pending] = [:]
    var ownCalls: [String: OwnCall] = [:]
    var ownCallCount = 0
    /// What the client said in `initialize`, to say it again to an agent that took the place of another.
    var initializeParams: JSONValue?
    var followed: Set<String> = []
    /// Patches whose `item/started` the client already has from the gate, so that codex's own is dropped.
    var announcedPatches: Set<String> = []

    public init(
        id: SessionID, actor: Actor, dialect: Dialect, policy: ServerPolicy, ownPrefix: String,
        knownMode: @escaping @Sendable (String) -> ThreadMode?
    ) {
        self.knownMode = knownMode
        self.id = id
        self.actor = actor
        self.dialect = dialect
        self.policy = policy
        self.ownPrefix = ownPrefix
    }

    /// An agent is there. After another one ended it is told what the client had said to that one.
    public mutating func agentAttached(_ facts: AgentFacts) -> [Action] {
        agent = facts
        guard let initializeParams else { return [] }
        var actions = [
            ownCall("initialize", params: initializeParams, .unheeded),
            .sendToAgent(Write.notification("initialized")),
        ]
        for threadID in followed.sorted() where facts.threadsRefused == nil {
            let params: JSONValue = ["threadId": .string(threadID), "excludeTurns": true]
            guard
                let call = try? ThreadCall(.resume, params: params, actor: actor, policy: policy, known: knownMode)
            else { continue }
            actions.append(open(call, for: nil))
        }
        return actions
    }

    /// The agent is gone: whatever waits for it is answered with an error at once.
    public mutating func agentLost(_ reason: String) -> [Action] {
        agent = nil
        var waiting = Array(pending.keys)
        waiting += ownCalls.values.compactMap(\.client)
        pending = [:]
        ownCalls = [:]
        announcedPatches = []
        return waiting.map { .sendToClient(Write.error(ErrorReply(.agentUnavailable, reason), id: $0)) }
    }

    /// A request of the session's own. Its answer does not reach the client.
    mutating func ownCall(_ method: String, params: JSONValue, _ call: OwnCall) -> Action {
        ownCallCount += 1
        let id = "\(ownPrefix)\(ownCallCount)"
        ownCalls[id] = call
        return .sendToAgent(Write.request(method, id: .string(id), params: params))
    }

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

extension ClientSession.OwnCall {
    /// The client's request that waits for it, if one does.
    var client: RequestID? {
        switch self {
        case .readThread(_, let client), .proveGate(_, let client): client
        case .reopen, .interrupt, .unheeded: nil
        }
    }
}
