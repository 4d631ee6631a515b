import JSON
@testable import Session
import Testing

/// The gate's verifier in its role as an MCP server for codex.
@Suite struct VerifierMessageTests {
    @Test func itTakesTheVersionThatItIsOffered() throws {
        let result = try #require(try Self.answer("initialize", ["protocolVersion": "2024-11-05"])["result"])
        #expect(result["protocolVersion"] == "2024-11-05")
        #expect(result["capabilities"]?["tools"] != nil)
    }

    @Test func itsToolIsNotForTheModel() throws {
        let tools = try #require(try Self.answer("tools/list")["result"]?["tools"]?.arrayValue)
        #expect(tools.map { $0["name"] } == [.string(GateProof.verifierTool)])
        #expect(tools.map { $0["_meta"]?["ui"]?["visibility"] } == [["app"]])
    }

    private static let arguments: JSONObject = [
        "session_id": "t", "turn_id": "u", "tool_use_id": "i", "cwd": "/w", "tool_name": "Bash",
        "tool_input": ["command": "ls"],
    ]

    @Test func aCallIsForTheServer() throws {
        let arguments = JSONValue.object(Self.arguments)
        let message = VerifierMessage(Self.request("tools/call", ["name": "verifier", "arguments": arguments]))
        #expect(
            message
                == .call(
                    id: 7, HookCall(threadID: "t", turnID: "u", toolUseID: "i", tool: "Bash", input: ["command": "ls"]),
                    cwd: "/w"))
    }

    /// An unreadable call might be one whose hook never runs.
    @Test(arguments: ["session_id", "turn_id", "tool_use_id", "cwd", "tool_name", "tool_input"])
    func aCallThatCannotBeReadIsDenied(_ missing: String) throws {
        var arguments = Self.arguments
        arguments[missing] = nil
        let answer = try Self.answer("tools/call", ["arguments": .object(arguments)])
        #expect(try Self.verdict(answer)["hookSpecificOutput"]?["permissionDecision"] == "deny")
    }

    @Test func nothingElseIsAnsweredButWithAnError() throws {
        #expect(try Self.answer("thread/start")["error"]?["code"] == -32601)
        #expect(try Self.answer("ping")["result"] == [:])
    }

    @Test func aNotificationIsNotAnswered() {
        #expect(VerifierMessage(["jsonrpc": "2.0", "method": "notifications/initialized"]) == .nothing)
        #expect(VerifierMessage(["jsonrpc": "2.0", "id": 7, "result": [:]]) == .nothing)
    }

    @Test func whereNothingIsAgainstItNothingIsSaid() throws {
        #expect(try Self.verdict(VerifierMessage.response(to: 7, .allow)) == [:])
    }

    private static func request(_ method: String, _ params: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": 7, "method": .string(method), "params": params]
    }

    private static func answer(_ method: String, _ params: JSONValue = [:]) throws -> JSONValue {
        guard case .answer(let answer) = VerifierMessage(request(method, params)) else { return .null }
        #expect(answer["jsonrpc"] == "2.0" && answer["id"] == 7)
        return answer
    }

    private static func verdict(_ response: JSONValue) throws -> JSONValue {
        let text = try #require(response["result"]?["content"]?[0]?["text"]?.stringValue)
        return try JSONValue(parsing: Array(text.utf8))
    }
}
