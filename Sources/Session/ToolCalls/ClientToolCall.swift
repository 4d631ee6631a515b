import JSON

/// codex's request to run one of a client's own tools (`dynamicTools` of `thread/start`): `item/tool/call`.
///
/// codex's hook names such a tool like its own tools, so its name may be that of a tool that is not asked about. Here it
/// is certain which kind of tool runs.
struct ClientToolCall {
    static let method = "item/tool/call"

    let threadID: String
    let turnID: String
    let callID: String
    private let namespace: String
    private let tool: String
    private let arguments: JSONValue

    /// nil if a member is missing.
    init?(_ params: JSONValue) {
        guard let threadID = params["threadId"]?.stringValue, let turnID = params["turnId"]?.stringValue,
            let callID = params["callId"]?.stringValue, let tool = params["tool"]?.stringValue
        else { return nil }
        self.threadID = threadID
        self.turnID = turnID
        self.callID = callID
        self.tool = tool
        namespace = params["namespace"]?.stringValue ?? ""
        arguments = params["arguments"] ?? .null
    }

    /// The name that codex's hook uses.
    var name: String { namespace + tool }

    /// Whether a person or a rule approved this tool with these arguments. A tool with the name of one of codex's own was
    /// shown as that one, or not at all.
    func isGranted(by grant: ThreadRecord.ItemGrant?) -> Bool {
        guard case .tool(name, let input) = grant, !name.hasPrefix("mcp__"), name != "apply_patch" else { return false }
        func isNothing(_ value: JSONValue) -> Bool { value.isNull || value == [:] }
        return input == arguments || isNothing(input) && isNothing(arguments)
    }

    static let refusal: JSONValue = [
        "code": -32003,
        "message": """
        The call was not approved, so it was not made. A client's tool may not have the name of one of codex's tools.
        """,
    ]
}
