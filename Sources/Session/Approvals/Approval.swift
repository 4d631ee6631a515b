public import JSON
public import JSONRPC

/// A question that waits for a person: raised by the gate, or requested by the agent.
public struct Approval: Sendable {
    public enum Origin: Sendable, Hashable {
        case hook(HookTicket)
        case agent(AgentID, RequestID)
    }

    public enum State: Sendable, Hashable {
        /// → `deciding`, `expired` or `void`.
        case waiting
        /// Answered, but the answer is not on disk yet. → `answered`; `waiting` if writing it fails; `void`.
        case deciding(word: String, by: String, at: Milliseconds)
        case answered(word: String, by: String, at: Milliseconds)
        case expired(at: Milliseconds)
        /// Can no longer be answered: the turn was stopped, or the agent is gone.
        case void(at: Milliseconds)
    }

    /// Unguessable, and the same for every client that is shown the question.
    public let id: String
    public let origin: Origin
    /// The thread whose subscribers are asked. nil for a request that belongs to no thread.
    public let threadID: String?
    public let method: String
    public let params: JSONValue
    public let askedAt: Milliseconds
    public let expiresAt: Milliseconds?
    public internal(set) var state: State
    /// The sessions that the question was shown to.
    public internal(set) var shownTo: Set<SessionID>
    /// When the question was first shown to a session.
    var shownAt: Milliseconds?
    /// The hook's input, for questions from the gate.
    var hookInput: HookInput?
    /// The changes of the patch that codex's own question is about, as codex has reported them.
    var reportedChanges: JSONValue?
    /// Where the call really runs, as of the time when the hook asked.
    var callPlace: CallPlace?
    /// What an approval for the rest of the thread would cover, as of the time when the hook asked.
    var standing: ThreadRecord.StandingGrant?

    /// The changes of the patch that is asked about, as clients see them; nil if it is about something else.
    var changes: JSONValue? {
        hookInput.flatMap { HookQuestion($0).itemStarted(for: $0, at: askedAt)?["item"]?["changes"] } ?? reportedChanges
    }

    public var isWaiting: Bool { state == .waiting }

    var isOpen: Bool {
        switch state {
        case .waiting, .deciding: true
        case .answered, .expired, .void: false
        }
    }

    public var isFromHook: Bool {
        if case .hook = origin { true } else { false }
    }

    /// Is the answer a ``Decision``?
    public var asksForDecision: Bool { Self.decisionMethods.contains(method) }

    static let decisionMethods: Set<String> = [command, fileChange]

    /// What the agent is told on time-out: a no that lets the turn go on.
    var timeoutResult: JSONValue? {
        switch method {
        case _ where asksForDecision: ["decision": "decline"]
        case Self.permissions: ["permissions": [:], "scope": "turn"]
        case Self.elicitation: ["action": "decline", "content": nil, "_meta": nil]
        case "item/tool/requestUserInput": ["answers": [:]]
        default: nil
        }
    }
}
