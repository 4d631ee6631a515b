public import JSON
public import JSONRPC

/// A question that waits for a person: the gate's own, or a request of the agent's.
public struct Approval: Sendable {
    public enum Origin: Sendable, Hashable {
        case hook(HookTicket)
        case agent(AgentID, RequestID)
    }

    public enum State: Sendable, Hashable {
        /// → `deciding`, `expired` or `void`.
        case waiting
        /// Answered, and being written down. → `answered`; `waiting` when that fails; `void`.
        case deciding(word: String, by: String, at: Milliseconds)
        case answered(word: String, by: String, at: Milliseconds)
        case expired(at: Milliseconds)
        /// Nobody can answer it any more: the turn was stopped, or the agent is gone.
        case void(at: Milliseconds)
    }

    /// Unguessable, and the same for every client that is shown the question.
    public let id: String
    public let origin: Origin
    /// The thread whose subscribers are asked. Nil for a request that belongs to no thread.
    public let threadID: String?
    public let method: String
    public let params: JSONValue
    public let askedAt: Milliseconds
    public let expiresAt: Milliseconds?
    public internal(set) var state: State
    /// The sessions that were shown it.
    public internal(set) var shownTo: Set<SessionID>
    /// When the first session was shown it.
    var shownAt: Milliseconds?
    /// What the hook said, for the gate's own questions.
    var hookInput: HookInput?
    /// Where it really runs, as of then.
    var callPlace: CallPlace?

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

    /// What the agent is told when nobody answers in time: no, and the turn goes on.
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
