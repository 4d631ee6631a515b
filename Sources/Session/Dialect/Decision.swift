public import JSON

/// What a person decided about a command, a patch or a tool call.
public enum Decision: Sendable, Hashable {
    case accept
    /// Accept, and allow this exact command in this directory for the rest of the thread.
    case acceptForSession
    /// The call does not run and the turn goes on. The agent gets the reason in the person's words.
    case decline(reason: String?)
    /// The call does not run and the turn is interrupted.
    case cancel
    /// A decision that only codex can interpret (a lasting rule), unchanged.
    case amendment(JSONObject)

    /// Reads codex's spellings, those of its older protocol and the mission's. nil for anything else: the server does
    /// not guess, and the question stays open.
    public init?(result: JSONValue) {
        guard let result = result.objectValue, let decision = result["decision"] else { return nil }
        let reason = result["reason"]
        guard reason == nil || reason == .null || reason?.stringValue != nil else { return nil }
        switch decision {
        case .string("accept"), .string("allow"), .string("approved"): self = .accept
        case .string("acceptForSession"), .string("approved_for_session"): self = .acceptForSession
        case .string("decline"), .string("deny"), .string("denied"), .string("timed_out"):
            self = .decline(reason: reason?.stringValue)
        case .string("cancel"), .string("abort"): self = .cancel
        case .object(let object) where object.count == 1:
            if let denied = object["denied"] {
                self = .decline(reason: denied["rejection"]?.stringValue ?? reason?.stringValue)
            } else if let legacy = object["approved_execpolicy_amendment"] {
                self = .amendment([
                    "acceptWithExecpolicyAmendment": [
                        "execpolicy_amendment": legacy["proposed_execpolicy_amendment"] ?? .null
                    ]
                ])
            } else if object["acceptWithExecpolicyAmendment"] != nil || object["applyNetworkPolicyAmendment"] != nil {
                self = .amendment(object)
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// The spelling of codex's protocol.
    public var codexValue: JSONValue {
        switch self {
        case .accept: "accept"
        case .acceptForSession: "acceptForSession"
        case .decline: "decline"
        case .cancel: "cancel"
        case .amendment(let object): .object(object)
        }
    }

    /// Does the decision with this word let the call run?
    static func grants(_ word: String) -> Bool { word == Self.accept.word || word == Self.acceptForSession.word }

    var isAmendment: Bool { if case .amendment = self { true } else { false } }

    /// One word, for people and for the record.
    public var word: String {
        switch self {
        case .accept: "accept"
        case .acceptForSession: "acceptForSession"
        case .decline: "decline"
        case .cancel: "cancel"
        case .amendment(let object): object.keys.first ?? "amendment"
        }
    }
}
