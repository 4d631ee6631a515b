import JSON
import JSONRPC
@testable import Session
import Testing

/// A person answers an MCP server's elicitation, even if it looks like codex's own question about a call that was just
/// approved: the MCP server controls `_meta`.
@Suite struct ElicitationTests {
    @Test(
        arguments: [
            [:], ["_meta": nil],
            ["_meta": ["codex_approval_kind": "mcp_tool_call", "tool_params": ["path": "/a"]]],
        ] as [JSONObject])
    func aPersonAnswers(_ difference: JSONObject) {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.call(tool: "mcp__my_files__read", input: ["path": "/a"]))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        var params: JSONObject = ["threadId": "t", "serverName": "my files"]
        for (key, value) in difference.members { params[key] = value }
        let asked = fixture.agentAsks(0, over: Fixture.ann, "mcpServer/elicitation/request", .object(params))
        #expect(asked == ["show q2 to 1"])
    }
}
