public import JSON

/// Allows one call of an MCP server's tool, which runs no program that the kernel could see.
public struct ToolGrant: Sendable, Hashable {
    /// codex's names of the thread that calls and of the call; the latter nil for a call of a client's own.
    public let threadID: String
    public let callID: String?
    /// The turn that the call belongs to; nil for a call of a client's own.
    public let turnID: String?
    /// As codex's hook names it: `mcp__<server>__<tool>`, with `_` for other characters than letters and digits.
    public let name: String
    public let arguments: JSONValue

    public init(threadID: String, callID: String?, turnID: String? = nil, name: String, arguments: JSONValue) {
        self.threadID = threadID
        self.callID = callID
        self.turnID = turnID
        self.name = Self.plain(name)
        self.arguments = arguments
    }

    public init(threadID: String, callID: String?, server: String, tool: String, arguments: JSONValue) {
        self.init(threadID: threadID, callID: callID, name: "mcp__\(server)__\(tool)", arguments: arguments)
    }

    static func plain(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
}

/// A `tools/call` on its way from codex to an MCP server.
public struct ToolCall: Sendable, Hashable {
    /// The JSON-RPC request's.
    public let id: JSONValue
    public let threadID: String?
    public let callID: String?
    public let server: String
    public let tool: String
    public let arguments: JSONValue

    /// `message` is what codex sends to the MCP server named `server`. Nil for what calls no tool.
    public init?(_ message: JSONValue, server: String) {
        guard message["method"] == "tools/call" else { return nil }
        let params = message["params"]
        id = message["id"] ?? .null
        threadID = params?["_meta"]?["threadId"]?.stringValue
        callID = params?["_meta"]?["callId"]?.stringValue
        self.server = server
        tool = params?["name"]?.stringValue ?? ""
        arguments = params?["arguments"] ?? .null
    }

    /// For people, as the question about it.
    public var description: String {
        let text = "mcp \(server).\(tool) \(arguments)"
        return text.count > 300 ? "\(text.prefix(300))…" : text
    }
}

/// Calls of tools that are allowed and have not been made. A pure state machine; times as in ``GrantTable``.
public struct ToolGrantTable: Sendable {
    private var grants = TimedGrants<ToolGrant>()

    public init() {}

    public mutating func add(_ grant: ToolGrant, now: Double) { grants.add(grant, now: now) }

    /// A turn is over: what it was allowed and did not call is void.
    public mutating func revoke(turn turnID: String) { grants.remove { $0.turnID == turnID } }

    /// The thread has no subscriber any more.
    public mutating func limit(thread threadID: String, now: Double) {
        grants.limit(at: now) { $0.threadID == threadID }
    }

    /// Each grant is used once.
    public mutating func take(_ call: ToolCall, now: Double) -> Bool {
        let name = ToolGrant.plain("mcp__\(call.server)__\(call.tool)")
        let grant = grants.take(at: now) {
            $0.threadID == call.threadID && $0.callID == call.callID && $0.name == name
                && Self.isSame($0.arguments, call.arguments)
        }
        return grant != nil
    }

    /// No arguments are written in three ways.
    private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        func isNothing(_ value: JSONValue) -> Bool { value.isNull || value == [:] }
        return one == other || isNothing(one) && isNothing(other)
    }
}
