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
    let arguments: JSONValue

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

    static let refusal: JSONValue = [
        "code": -32003,
        "message": """
        The call was not approved, so it was not made. A client's tool may not have the name of one of codex's tools.
        """,
    ]
}
