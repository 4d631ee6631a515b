public import JSON

/// One tool call, as codex's hooks name it.
public struct HookCall: Sendable, Hashable {
    public let threadID: String
    public let turnID: String
    public let toolUseID: String

    static let members = ["session_id", "turn_id", "tool_use_id"]

    /// Nil when one of the names is missing.
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

/// Which calls the gate's hook has put to the server. The witness of a call goes when the hook has come, each for the
/// other, whichever is first; one whose hook does not come is told no by its deadline.
public struct HookArrivals: Sendable {
    private var arrived: [HookCall: Int] = [:]
    private var order: [HookCall] = []
    private var waiting: [HookCall: [HookTicket]] = [:]
    /// How many hooks are remembered whose witness has not come: it comes within milliseconds, or not at all.
    static let limit = 4_096

    public init() {}

    /// A hook has come. The witness that may go.
    public mutating func hookCame(_ call: HookCall) -> HookTicket? {
        if let witness = waiting[call]?.first {
            forget(witness, of: call)
            return witness
        }
        arrived[call, default: 0] += 1
        order.append(call)
        if order.count > Self.limit { take(order[0]) }
        return nil
    }

    /// A witness asks. True when it may go at once; otherwise ``hookCame(_:)`` lets it go.
    public mutating func witnessAsks(_ witness: HookTicket, of call: HookCall) -> Bool {
        guard arrived[call] == nil else {
            take(call)
            return true
        }
        waiting[call, default: []].append(witness)
        return false
    }

    /// It has gone, or its time is over.
    public mutating func forget(_ witness: HookTicket, of call: HookCall) {
        waiting[call]?.removeAll { $0 == witness }
        if waiting[call]?.isEmpty == true { waiting[call] = nil }
    }

    /// Each arrival counts once: should a call's name be used again, its hook must come again.
    private mutating func take(_ call: HookCall) {
        guard let count = arrived[call], let index = order.firstIndex(of: call) else { return }
        order.remove(at: index)
        arrived[call] = count > 1 ? count - 1 : nil
    }
}
