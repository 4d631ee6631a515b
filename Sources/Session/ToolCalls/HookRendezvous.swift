public import JSON

/// One tool call, as codex's hooks name it. A model may give several calls of a turn the same id, so the content counts
/// too.
public struct HookCall: Sendable, Hashable {
    public let threadID: String
    public let turnID: String
    public let toolUseID: String
    /// A hash of the tool's name and input, with a key of this process, so that nobody can find two inputs for it. The
    /// input itself may be large.
    private let content: Int

    static let members = ["session_id", "turn_id", "tool_use_id", "tool_name", "tool_input"]

    /// nil if a member is missing.
    public init?(_ json: JSONValue) {
        guard let threadID = json["session_id"]?.stringValue, let turnID = json["turn_id"]?.stringValue,
            let toolUseID = json["tool_use_id"]?.stringValue, let tool = json["tool_name"]?.stringValue,
            let input = json["tool_input"]
        else { return nil }
        self.init(threadID: threadID, turnID: turnID, toolUseID: toolUseID, tool: tool, input: input)
    }

    init(threadID: String, turnID: String, toolUseID: String, tool: String, input: JSONValue) {
        self.threadID = threadID
        self.turnID = turnID
        self.toolUseID = toolUseID
        var hasher = Hasher()
        hasher.combine(Array(tool.utf8))
        hasher.combine(input.serialized())
        content = hasher.finalize()
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
    /// Calls that a verifier has refused because their hook had not come.
    private var refused: [HookCall] = []
    /// How many hooks are remembered whose verifier has not asked: it asks within milliseconds, or not at all. Also how
    /// many refused calls.
    static let limit = 4_096

    public init() {}

    /// Returns false if the call has been refused without its hook: the hook must not ask any more, and counts for no
    /// other call.
    public mutating func hookCame(_ hook: HookTicket, for call: HookCall) -> Bool {
        if let index = refused.firstIndex(of: call) {
            refused.remove(at: index)
            return false
        }
        if let verifier = waiting[call]?.first {
            stopWaiting(verifier, of: call)
            paired[hook] = verifier
            return true
        }
        hooks.append(Hook(ticket: hook, call: call))
        if hooks.count > Self.limit { hooks.removeFirst() }
        return true
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

    /// The verifier refuses the call, since its hook has not come.
    public mutating func refuse(_ verifier: HookTicket, _ call: HookCall) {
        stopWaiting(verifier, of: call)
        refused.append(call)
        if refused.count > Self.limit { refused.removeFirst() }
    }

    /// The verifier is gone.
    public mutating func forget(_ verifier: HookTicket, of call: HookCall) {
        stopWaiting(verifier, of: call)
        paired = paired.filter { $0.value != verifier }
    }

    private mutating func stopWaiting(_ verifier: HookTicket, of call: HookCall) {
        waiting[call]?.removeAll { $0 == verifier }
        if waiting[call]?.isEmpty == true { waiting[call] = nil }
    }
}
