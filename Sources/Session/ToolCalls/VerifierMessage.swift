public import JSON

/// What codex says to the gate's verifier, an MCP server with one tool (Model Context Protocol, 2025-06-18; over
/// standard input and output, one JSON-RPC message per line).
///
/// codex starts the gate's hook in the thread's directory. It lets the call run if the hook cannot start because that
/// directory was removed, or if the hook is killed. The verifier has run in `/` since the thread began; it says no to a
/// call whose hook has not reached the server, or went away before a decision.
public enum VerifierMessage: Sendable, Hashable {
    /// Has this call's hook arrived? `cwd` is the thread's directory.
    case call(id: JSONValue, HookCall, cwd: String)
    /// The response to a request that the gate does not decide.
    case answer(JSONValue)
    /// A notification.
    case nothing

    /// The members that codex is configured to send for each call.
    public static let callMembers = HookCall.members + ["cwd"]

    public init(_ message: JSONValue) {
        guard let id = message["id"], let method = message["method"]?.stringValue else {
            self = .nothing
            return
        }
        let params = message["params"] ?? [:]
        switch method {
        case "initialize": self = .answer(Self.result(id, Self.initialized(params)))
        case "ping": self = .answer(Self.result(id, [:]))
        case "tools/list": self = .answer(Self.result(id, Self.tools))
        case "tools/call": self = Self.call(id, params["arguments"] ?? [:])
        default: self = .answer(Self.error(id, -32601, "The gate's verifier answers nothing else."))
        }
    }

    /// The response to a ``call(id:_:cwd:)``. An empty verdict is no objection.
    public static func response(to id: JSONValue, _ answer: HookRendezvous.Answer) -> JSONValue {
        let verdict: JSONValue =
            switch answer {
            case .allow: [:]
            case .deny(let reason): HookVerdict.deny(reason: reason).json
            }
        return result(id, ["content": [["type": "text", "text": .string(verdict.description)]]])
    }

    private static func call(_ id: JSONValue, _ arguments: JSONValue) -> VerifierMessage {
        guard let call = HookCall(arguments), let cwd = arguments["cwd"]?.stringValue else {
            return .answer(response(to: id, .deny(reason: "The gate cannot read this version's calls.")))
        }
        return .call(id: id, call, cwd: cwd)
    }

    private static func initialized(_ params: JSONValue) -> JSONValue {
        [
            "protocolVersion": params["protocolVersion"] ?? "2025-06-18", "capabilities": ["tools": [:]],
            "serverInfo": ["name": "sre-agent-verifier", "version": "1"],
        ]
    }

    private static let tools: JSONValue = [
        "tools": [
            [
                "name": .string(GateProof.verifierTool), "description": "Asked by a hook before each tool call.",
                "inputSchema": ["type": "object"],
                // Hidden from the model.
                "_meta": ["ui": ["visibility": ["app"]]],
            ]
        ]
    ]

    private static func result(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    private static func error(_ id: JSONValue, _ code: Int, _ message: String) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "error": ["code": .number(JSONNumber(Int64(code))), "message": .string(message)]]
    }
}
