import JSON
import JSONRPC
@testable import Session
import Testing

/// The shape in which the mission's clients are asked.
@Suite struct LegacyApprovalTests {
    @Test func aCommand() throws {
        #expect(
            try rendered(.command("df -h /")) == """
                {"id":"q1","method":"execCommandApproval","params":{"conversation_id":"t","call_id":"i","reason":null,\
                "sre":{"asks":"command","command":"df -h /"},"command":"df -h /","cwd":"/w"}}
                """)
    }

    @Test func aPatch() throws {
        let patch = """
            *** Begin Patch
            *** Add File: new
            +1
            *** Delete File: /old
            *** Update File: a
            *** Move to: b
            @@
            -x
            *** Update File: c
            @@
            -y
            *** End Patch
            """
        #expect(
            try rendered(.call(tool: "apply_patch", input: ["command": .string(patch)])) == """
                {"id":"q1","method":"applyPatchApproval","params":{"conversation_id":"t","call_id":"i","reason":null,\
                "sre":{"asks":"command"},"file_changes":{"new":{"type":"add","content":"1\\n"},\
                "/old":{"type":"delete","content":""},\
                "a":{"type":"update","unified_diff":"@@\\n-x","move_path":"b"},\
                "c":{"type":"update","unified_diff":"@@\\n-y","move_path":null}},"grant_root":null}}
                """)
    }

    @Test func leavingTheSandbox() throws {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(
            0, over: Room.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": "i", "command": "/bin/bash -lc 'rm x'", "cwd": "/w", "reason": "to clean up"])
        #expect(
            try rendered(room) == """
                {"id":"q1","method":"execCommandApproval","params":{"conversation_id":"t","call_id":"i",\
                "reason":"to clean up","sre":{"asks":"outsideSandbox"},"command":"rm x","cwd":"/w"}}
                """)
    }

    @Test(arguments: ["item/permissions/requestApproval", "item/tool/requestUserInput", "what/comes/later"])
    func whatTheOlderProtocolDoesNotKnowKeepsCodexsShape(_ method: String) throws {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, method, ["threadId": "t", "x": [1.0]])
        let request = try JSONValue(parsing: rendered(room))
        #expect(request["method"] == .string(method))
        #expect(request["params"]?["x"]?.description == "[1.0]")
    }

    @Test func othersAreAskedInCodexsShape() throws {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        var session = Client(dialect: .codex).session
        let approval = try #require(room.desk.waiting.first)
        let request = try JSONValue(parsing: session.render(approval))
        #expect(request["id"] == "q1" && request["method"] == "item/commandExecution/requestApproval")
        #expect(request["params"] == approval.params)
    }

    private func rendered(_ input: HookInput) throws -> String {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(input)
        return try rendered(room)
    }

    private func rendered(_ room: Room) throws -> String {
        var session = Client(dialect: .legacy).session
        return text(session.render(try #require(room.desk.waiting.first)))
    }
}
