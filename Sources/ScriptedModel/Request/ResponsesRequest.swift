import JSON

/// How codex offers its tools to the model, which determines how the model must write a call.
enum ToolShape: Sendable, Hashable {
    /// `tools` in the request, `function_call` items in the answer.
    case functionCalls
    /// An `additional_tools` item in the input, JavaScript for the `exec` tool in the answer.
    case codeMode
}

/// The parts of a Responses API request that the model needs to choose its next step.
///
/// Every request contains the whole conversation, so the model keeps no state between requests.
struct ResponsesRequest: Sendable {
    enum Kind: Sendable, Hashable {
        case turn
        /// codex requests a summary to replace the conversation so far.
        case compaction
    }

    let kind: Kind
    let shape: ToolShape
    let tools: ToolCatalogue
    let permissions: Permissions
    let conversation: Conversation

    /// - Throws: `RequestError` if this is not a request of the Responses API.
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

/// The reason that a body is not a request of the Responses API; answered with status 400.
struct RequestError: Error, Hashable {
    let message: String
}
