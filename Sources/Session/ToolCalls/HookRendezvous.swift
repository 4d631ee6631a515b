public import JSON

/// One tool call, as codex's hooks name it.
public struct HookCall: Sendable, Hashable {
    public let threadID: String
    public let turnID: String
    public let toolUseID: String

    static let members = ["session_id", "turn_id", "tool_use_id"]

    /// nil if one of the ids is missing.
    public init?(_ json: JSONValue) {
        guard let threadID = json["session_id"]?.stringValue, let turnID = json["turn_id"]?.stringValue,
            let toolUseID = json["tool_use_id"]?.stringValue
        else { return nil }
        self.init(threadID: threadID, turnID: turnID, toolUseID: toolUseID)
    }

    init(threadID: String, turnID: String, toolUseID: String) {
        self.threadID = threadID
        self.turnID = turnID
        self.toolUseID = toolUseID
    }
}

/// Pairs each hook with the verifier of the same call. codex lets a call run when its hook fails. The verifier, a
/// separate process, therefore gets the hook's verdict and repeats it; if the hook ends without a verdict, the verifier
/// says no.
///
/// A pure state machine.
public struct HookRendezvous: Sendable {
    public enum Answer: Sendable, Hashable {
        /// No objection to the call.
        case allow
        case deny(reason: String)

        init(_ verdict: HookVerdict?) {
            switch verdict {
            case .allow: self = .allow
            case .deny(let reason): self = .deny(reason: reason)
            case nil:
                self = .deny(reason: "The approval gate was stopped before a decision was made, so this did not run.")
            }
        }
    }

    private struct Hook {
        let ticket: HookTicket
        let call: HookCall
        var answer: Answer?
    }

    /// Hooks that no verifier has asked about yet, oldest first.
    private var hooks: [Hook] = []
    /// Verifiers whose hook has not arrived yet, oldest first.
    private var waiting: [HookCall: [HookTicket]] = [:]
    /// Verifiers that wait for their hook to end, by hook.
    private var paired: [HookTicket: HookTicket] = [:]
    /// How many hooks are remembered whose verifier has not asked: it asks within milliseconds, or not at all.
    static let limit = 4_096

    public init() {}

    public mutating func hookCame(_ hook: HookTicket, for call: HookCall) {
        if let verifier = waiting[call]?.first {
            stopWaiting(verifier, of: call)
            paired[hook] = verifier
            return
        }
        hooks.append(Hook(ticket: hook, call: call))
        if hooks.count > Self.limit { hooks.removeFirst() }
    }

    /// The hook has its verdict; nil if it went away without one. Returns the verifier to answer, if one waits.
    public mutating func hookEnded(_ hook: HookTicket, _ verdict: HookVerdict?) -> (verifier: HookTicket, Answer)? {
        let answer = Answer(verdict)
        if let verifier = paired.removeValue(forKey: hook) { return (verifier, answer) }
        // The first ending counts: a hook goes away after it has its verdict.
        if let index = hooks.firstIndex(where: { $0.ticket == hook && $0.answer == nil }) {
            hooks[index].answer = answer
        }
        return nil
    }

    /// A verifier asks. Returns the answer, or nil if ``hookEnded(_:_:)`` will return it. Each hook serves one
    /// verifier: if a call's id is reused, its hook must come again.
    public mutating func verifierAsks(_ verifier: HookTicket, about call: HookCall) -> Answer? {
        guard let index = hooks.firstIndex(where: { $0.call == call }) else {
            waiting[call, default: []].append(verifier)
            return nil
        }
        let hook = hooks.remove(at: index)
        if hook.answer == nil { paired[hook.ticket] = verifier }
        return hook.answer
    }

    /// Has the hook of this verifier's call not arrived yet?
    public func isWaitingForHook(_ verifier: HookTicket, of call: HookCall) -> Bool {
        waiting[call]?.contains(verifier) ?? false
    }

    /// The verifier is gone, or has timed out.
    public mutating func forget(_ verifier: HookTicket, of call: HookCall) {
        stopWaiting(verifier, of: call)
        paired = paired.filter { $0.value != verifier }
    }

    private mutating func stopWaiting(_ verifier: HookTicket, of call: HookCall) {
        waiting[call]?.removeAll { $0 == verifier }
        if waiting[call]?.isEmpty == true { waiting[call] = nil }
    }
}
