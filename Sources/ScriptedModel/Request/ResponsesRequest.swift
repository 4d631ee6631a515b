import JSON

/// How codex offers its tools to the model, and so how the model must write a call.
enum ToolShape: Sendable, Hashable {
    /// `tools` in the request, `function_call` items in the answer.
    case functionCalls
    /// An `additional_tools` item in the input, JavaScript for the `exec` tool in the answer.
    case codeMode
}

/// What the model must know of one posted request of the Responses API to choose its next step.
///
/// The whole conversation comes with every request, so nothing has to be remembered between two of them.
struct ResponsesRequest: Sendable {
    enum Kind: Sendable, Hashable {
        case turn
        /// codex asks for a summary with which it replaces the conversation so far.
        case compaction
    }

    let kind: Kind
    let shape: ToolShape
    let tools: ToolCatalogue
    let permissions: Permissions
    let conversation: Conversation

    /// - Throws: `RequestError` when this is not a request of the Responses API.
    init(body: JSONValue) throws(RequestError) {
        guard body.objectValue != nil else { throw RequestError(message: "the body is not a JSON object") }
        let items: [JSONValue]
        switch body["input"] {
        case .array(let elements)?: items = elements
        case .string(let text)?: items = [["type": "message", "role": "user", "content": .string(text)]]
        default: throw RequestError(message: "`input` is neither an array nor a string")
        }
        let additional = items.filter { $0["type"]?.stringValue == "additional_tools" }
        kind = Self.kind(of: body)
        shape = additional.isEmpty ? .functionCalls : .codeMode
        tools = ToolCatalogue(lists: [body["tools"]] + additional.map { $0["tools"] })
        permissions = Permissions(items: items)
        conversation = Conversation(items: items)
    }

    private static func kind(of body: JSONValue) -> Kind {
        guard let metadata = body["client_metadata"]?["x-codex-turn-metadata"]?.stringValue,
            let parsed = try? JSONValue(parsing: metadata)
        else { return .turn }
        return parsed["request_kind"]?.stringValue == "compaction" ? .compaction : .turn
    }
}

/// Why a body is not a request of the Responses API; answered with status 400.
struct RequestError: Error, Hashable {
    let message: String
}
