import ExecGrants
public import JSON

/// The `item/started` of an item that runs a command, changes files, calls an MCP tool or addresses other agents.
public struct StartedItem: Sendable, Hashable {
    public let threadID: String
    public let turnID: String
    public let itemID: String
    /// The item's `type` in codex's protocol.
    public let kind: String
    /// The command without its shell; nil if the item has none.
    public let command: String?
    /// The shell that runs the command; nil if there is none.
    let shell: CommandGrant.Shell?
    /// The directory in which the item runs.
    public let cwd: String?
    let startedAt: Milliseconds?
    /// The whole item, as codex sent it.
    let item: JSONValue

    /// nil for items that execute nothing, and for the person's own commands (`thread/shellCommand`).
    public init?(params: JSONValue) {
        guard let item = params["item"], let kind = item["type"]?.stringValue,
            Self.isChecked(kind),
            item["source"]?.stringValue != "userShell", let itemID = item["id"]?.stringValue,
            let threadID = params["threadId"]?.stringValue, let turnID = params["turnId"]?.stringValue
        else { return nil }
        self.item = item
        self.threadID = threadID
        self.turnID = turnID
        self.itemID = itemID
        self.kind = kind
        self.cwd = item["cwd"]?.stringValue
        self.startedAt = params["startedAtMs"]?.intValue
        let text = item["command"]?.stringValue
        let invocation = text.flatMap(ShellWords.invocation)
        self.command = invocation?.script ?? text
        self.shell = invocation.map { CommandGrant.Shell(path: $0.shell, isLogin: $0.isLogin) }
    }

    /// What a patch changes; nil for other items.
    var changes: JSONValue? { item["changes"] }

    static let executing: Set<String> = ["commandExecution", "fileChange", "mcpToolCall"]
    /// Such a call gives other threads input, or passes on pictures, which codex reads from the disk.
    static let ofAgents = "collabAgentToolCall"

    /// Whether an item of this kind may start only after its call has passed the gate.
    static func isChecked(_ kind: String) -> Bool { executing.contains(kind) || kind == ofAgents }

    /// Whether the item does work whose end is awaited and recorded.
    var isWork: Bool { kind != Self.ofAgents }

    /// Whether this item is a call of the tool with this name in the hook's input, which gives other threads input or reads
    /// codex's own lists, and addresses no thread but these.
    func isCall(of tool: String, to addressees: Set<String>) -> Bool {
        guard let name = item["tool"]?.stringValue else { return false }
        guard kind == Self.ofAgents else { return kind == "mcpToolCall" && name == tool }
        // codex resolves other names than ids to agents of the caller's own tree.
        return AgentTool.isItem(name, of: tool) && (addressees.isEmpty || addressees.isSuperset(of: receivers))
    }

    /// The threads that this item gives input.
    var receivers: [String] {
        kind == Self.ofAgents ? (item["receiverThreadIds"]?.arrayValue ?? []).compactMap(\.stringValue) : []
    }

    /// Tells clients that saw the item start that it is over with an unknown outcome. Has the form of codex's
    /// `item/completed`.
    func completionOfUnknownOutcome(at now: Milliseconds) -> JSONValue {
        var item = item
        item["status"] = "failed"
        return [
            "threadId": .string(threadID), "turnId": .string(turnID), "item": item,
            "completedAtMs": .number(JSONNumber(now)), "sre": ["outcome": "unknown"],
        ]
    }
}
