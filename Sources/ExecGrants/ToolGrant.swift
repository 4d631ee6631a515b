public import JSON

/// Allows one call of an MCP server's tool. The call runs no program that the kernel could see.
public struct ToolGrant: Sendable, Hashable {
    /// codex's ids of the calling thread and of the call. `callID` is nil for a client's own call.
    public let threadID: String
    public let callID: String?
    /// The turn that the call belongs to; nil for a client's own call.
    public let turnID: String?
    /// The name that codex's hook uses: `mcp__<server>__<tool>`, with `_` in place of characters other than letters and
    /// digits.
    public let name: String
    public let arguments: JSONValue
    /// Whether the grant was used and given back.
    var isGivenBack = false

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

    /// Whether hook names of this server's tools could be those of another server: with the servers `a` and `a__b`, the
    /// name `mcp__a__b__x` is ambiguous.
    public static func isAmbiguous(server: String) -> Bool {
        let name = plain(server)
        return name.hasSuffix("_") || name.utf8.indices.contains { name[$0...].hasPrefix("__") }
    }

    func isFor(_ call: ToolCall) -> Bool {
        threadID == call.threadID && callID == call.callID && name == Self.name(of: call)
            && ToolGrantTable.isSame(arguments, call.arguments)
    }

    static func name(of call: ToolCall) -> String { plain("mcp__\(call.server)__\(call.tool)") }

    static func plain(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
}

/// A `tools/call` request from codex to an MCP server.
public struct ToolCall: Sendable, Hashable {
    /// The id of the JSON-RPC request.
    public let id: JSONValue
    public let threadID: String?
    public let callID: String?
    public let server: String
    public let tool: String
    public let arguments: JSONValue

    /// `message` is what codex sends to the MCP server named `server`. nil if it is not a tool call.
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

    /// For messages; the same text as in the question about the call.
    public var description: String {
        let text = "mcp \(server).\(tool) \(arguments)"
        return text.count > 300 ? "\(text.prefix(300))…" : text
    }
}

/// The unused grants of tool calls. A pure state machine; times as in ``GrantTable``.
public struct ToolGrantTable: Sendable {
    private var grants = TimedGrants<ToolGrant>()
    /// The grants used last, oldest first, which may be given back.
    private var used: [ToolGrant] = []
    private static let usedLimit = 64

    public init() {}

    public mutating func add(_ grant: ToolGrant, now: Double) { grants.add(grant, now: now) }

    /// Revokes the unused grants of a turn that is over.
    public mutating func revoke(turn turnID: String) {
        grants.remove { $0.turnID == turnID }
        used.removeAll { $0.turnID == turnID }
    }

    /// Limits the grants of a thread that has no subscribers left.
    public mutating func limit(thread threadID: String, now: Double) {
        grants.limit(at: now) { $0.threadID == threadID }
        used.removeAll { $0.threadID == threadID }
    }

    /// Takes a matching grant. Each grant is used once.
    public mutating func take(_ call: ToolCall, now: Double) -> Bool {
        guard let grant = grants.take(at: now, where: { $0.isFor(call) }) else { return false }
        used.append(grant)
        if used.count > Self.usedLimit { used.removeFirst() }
        return true
    }

    /// The MCP server has not made the call, because it does not know the session any more; codex makes it again in a new
    /// session. Each grant is given back once.
    public mutating func giveBack(_ call: ToolCall, now: Double) {
        guard let index = used.lastIndex(where: { $0.isFor(call) && !$0.isGivenBack }) else { return }
        var grant = used.remove(at: index)
        grant.isGivenBack = true
        grants.add(grant, now: now)
    }

    /// The name that this call was approved under, if it is not its own. codex adds twelve hexadecimal digits to the
    /// names of tools, and of servers, that differ only in characters other than letters and digits (0.163), so a person
    /// who reads such a name cannot tell which one is meant. Uses up the grant.
    public mutating func takeOtherName(of call: ToolCall, now: Double) -> String? {
        guard call.callID != nil else { return nil }
        let name = ToolGrant.name(of: call)
        return grants.take(at: now) { $0.threadID == call.threadID && $0.callID == call.callID && $0.name != name }?
            .name
    }

    /// Missing, null and empty arguments are the same.
    public static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        func isNothing(_ value: JSONValue) -> Bool { value.isNull || value == [:] }
        return one == other || isNothing(one) && isNothing(other)
    }
}
