import JSON
import JSONRPC
@testable import Session
import Testing

/// codex asks once more about an MCP call that a person has just approved: nobody is asked twice, and nothing else
/// is answered for them.
@Suite struct ToolGrantTests {
    static let call = HookInput.call(tool: "mcp__my_files__read", input: ["path": "/a"])
    static let accepted = #"result 0 over 1: {"action":"accept","content":{},"_meta":null}"#

    @Test func theCallThatWasApprovedIsAnsweredOnce() {
        var room = Self.room()
        #expect(Self.elicit(&room, 0) == [Self.accepted])
        #expect(Self.elicit(&room, 0, over: Room.bob) == [], "the same request to another follower")
        #expect(Self.elicit(&room, 1) == ["show q2 to 1"])
    }

    @Test(
        arguments: [
            ["threadId": "other"], ["serverName": "others"],
            ["_meta": ["codex_approval_kind": "mcp_tool_call", "tool_params": ["path": "/b"]]],
            ["_meta": ["codex_approval_kind": "mcp_tool_call"]],
            ["_meta": ["codex_approval_kind": "later", "tool_params": ["path": "/a"]]],
            ["_meta": nil], ["_meta": ["tool_params": ["path": "/a"]]],
        ] as [JSONObject])
    func anotherRequestIsAPersonsToAnswer(_ difference: JSONObject) {
        var room = Self.room()
        #expect(Self.elicit(&room, 0, difference) == ["show q2 to 1"])
    }

    @Test func anotherKindOfRequestIsAPersonsToAnswer() {
        var room = Self.room()
        #expect(
            room.agentAsks(0, over: Room.ann, "item/permissions/requestApproval", Self.params([:])) == ["show q2 to 1"])
    }

    /// codex asks about few of them again, and each holds all that the call said.
    @Test func onlyTheLastAreRemembered() {
        var room = Self.room()
        for ticket in 2...UInt64(ThreadRecord.toolGrantLimit + 1) {
            _ = room.ask(.call(tool: "mcp__my_files__read", input: ["path": .string("\(ticket)")]), ticket: ticket)
            _ = room.answer(.string("q\(ticket)"), ["decision": "accept"], by: Room.ann)
        }
        #expect(room.desk.threads["t"]?.toolGrants.count == ThreadRecord.toolGrantLimit)
        #expect(Self.elicit(&room, 0) != [Self.accepted], "the oldest is gone")
    }

    @Test func aDeclinedCallGrantsNothing() {
        var room = Self.room(decision: "decline")
        #expect(Self.elicit(&room, 0) == ["show q2 to 1"])
    }

    private static func room(decision: String = "accept") -> Room {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(call)
        _ = room.answer("q1", ["decision": .string(decision)], by: Room.ann)
        return room
    }

    private static func params(_ difference: JSONObject) -> JSONValue {
        var params: JSONObject = [
            "threadId": "t", "serverName": "my files",
            "_meta": ["codex_approval_kind": "mcp_tool_call", "tool_params": ["path": "/a"]],
        ]
        for (key, value) in difference.members { params[key] = value }
        return .object(params)
    }

    private static func elicit(
        _ room: inout Room, _ id: Int64, _ difference: JSONObject = [:], over session: SessionID = Room.ann
    ) -> [String] {
        room.agentAsks(id, over: session, "mcpServer/elicitation/request", params(difference))
    }
}
