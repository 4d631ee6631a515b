import Glibc
import JSON
import Session

/// A second program at the gate: an MCP server of one tool, which codex starts with each thread and calls before each
/// tool call, beside the gate's hook. The model does not see it.
///
/// codex starts the hook in the thread's directory, and lets the call run where that cannot be, because somebody has
/// taken the directory away. The witness runs in `/` since the thread began; it says no to a call whose hook has not
/// come to the server.
public enum GateWitness {
    /// What codex is to tell of each call.
    static let members = ["session_id", "turn_id", "tool_use_id", "cwd"]

    /// Answers on standard output what is asked on standard input, one call after the other, until that ends. None
    /// takes longer than the server lets it wait.
    public static func run(socket path: String) -> Int32 {
        while let line = readLine() {
            guard let message = try? JSONValue(parsing: Array(line.utf8)), let id = message["id"],
                let method = message["method"]?.stringValue
            else { continue }
            var answer: JSONObject = ["jsonrpc": "2.0", "id": id]
            if let result = result(of: method, message["params"] ?? [:], path) {
                answer["result"] = result
            } else {
                answer["error"] = ["code": -32601, "message": "The gate's witness answers nothing else."]
            }
            guard GateSocket.writeAll(STDOUT_FILENO, JSONValue.object(answer).serialized() + [0x0A]) else { return 1 }
        }
        return 0
    }

    private static func result(of method: String, _ params: JSONValue, _ path: String) -> JSONValue? {
        switch method {
        case "initialize":
            [
                "protocolVersion": params["protocolVersion"] ?? "2025-06-18", "capabilities": ["tools": [:]],
                "serverInfo": ["name": "sre-agent-witness", "version": "1"],
            ]
        case "ping": [:]
        case "tools/list":
            [
                "tools": [
                    [
                        "name": .string(GateProof.witnessTool), "description": "Asked by a hook before each tool call.",
                        "inputSchema": ["type": "object"],
                        // Not for the model.
                        "_meta": ["ui": ["visibility": ["app"]]],
                    ]
                ]
            ]
        case "tools/call":
            ["content": [["type": "text", "text": .string(verdict(on: params["arguments"] ?? [:], path).description)]]]
        default: nil
        }
    }

    /// An empty object has nothing against the call: what is decided about it, the hook hears.
    private static func verdict(on call: JSONValue, _ path: String) -> JSONValue {
        let question: JSONValue = ["witness": call]
        guard let answer = try? GateSocket.ask(question.serialized(), at: path),
            let verdict = try? JSONValue(parsing: answer), verdict.objectValue != nil
        else { return HookVerdict.deny(reason: "The SRE Agent Server is not there, so this was not run.").json }
        return verdict
    }
}
