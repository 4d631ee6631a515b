import JSON
import JSONRPC
@testable import Session
import Testing

/// The legacy approval format of the mission's clients.
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
            try rendered(.call(tool: "apply_patch", input: ["command": .string(patch)])) == #"""
                {"id":"q1","method":"applyPatchApproval","params":{"conversation_id":"t","call_id":"i","reason":null,\#
                "sre":{"asks":"command"},"file_changes":{"/w/new":{"type":"add","content":"1\n"},\#
                "/old":{"type":"delete","content":"","sre":{"hidden":{"why":"unreadable"}}},\#
                "/w/a":{"type":"update","unified_diff":"@@\n-x","move_path":"/w/b","sre":{"hunks":[]}},\#
                "/w/c":{"type":"update","unified_diff":"@@\n-y","move_path":null,"sre":{"hunks":[]}}},"grant_root":null}}
                """#)
    }

    @Test func aPatchThatLeavesTheSandbox() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        let item: JSONValue = [
            "id": "i", "type": "fileChange", "status": "inProgress",
            "changes": [["path": "/usr/new", "kind": ["type": "add"], "diff": "x\n"]],
        ]
        let started = try #require(
            StartedItem(params: ["threadId": "t", "turnId": "u", "startedAtMs": 1, "item": item]))
        _ = fixture.coordinator.itemStarted(started, by: AgentID(0), seenBy: Fixture.ann, now: 1)
        _ = fixture.agentAsks(
            0, over: Fixture.ann, "item/fileChange/requestApproval", ["threadId": "t", "turnId": "u", "itemId": "i"])
        let request = try JSONValue(parsing: rendered(fixture))
        #expect(request["method"] == "applyPatchApproval")
        #expect(
            request["params"]?["file_changes"]?.description == #"{"/usr/new":{"type":"add","content":"x\n"}}"#)
    }

    @Test func morePermissions() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        let more: JSONValue = ["fileSystem": ["write": ["/srv"]]]
        _ = fixture.agentAsks(
            0, over: Fixture.ann, "item/commandExecution/requestApproval",
            [
                "threadId": "t", "itemId": "i", "command": "ls", "cwd": "/w", "additionalPermissions": more,
                "networkApprovalContext": nil,
            ])
        let params = try JSONValue(parsing: rendered(fixture))["params"]
        #expect(params?["additional_permissions"] == more)
        #expect(params?["network_approval_context"] == nil)
    }

    @Test func leavingTheSandbox() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(
            0, over: Fixture.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": "i", "command": "/bin/bash -lc 'rm x'", "cwd": "/w", "reason": "to clean up"])
        #expect(
            try rendered(fixture) == """
                {"id":"q1","method":"execCommandApproval","params":{"conversation_id":"t","call_id":"i",\
                "reason":"to clean up","sre":{"asks":"outsideSandbox"},"command":"rm x","cwd":"/w"}}
                """)
    }

    @Test(arguments: ["item/permissions/requestApproval", "item/tool/requestUserInput", "what/comes/later"])
    func whatTheOlderProtocolDoesNotKnowKeepsCodexsShape(_ method: String) throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, method, ["threadId": "t", "x": [1.0]])
        let request = try JSONValue(parsing: rendered(fixture))
        #expect(request["method"] == .string(method))
        #expect(request["params"]?["x"]?.description == "[1.0]")
    }

    @Test func othersAreAskedInCodexsShape() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        var session = Client(dialect: .codex).session
        let approval = try #require(fixture.coordinator.waiting.first)
        let request = try JSONValue(parsing: session.render(approval))
        #expect(request["id"] == "q1" && request["method"] == "item/commandExecution/requestApproval")
        #expect(request["params"] == approval.params)
    }

    private func rendered(_ input: HookInput) throws -> String {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(input)
        return try rendered(fixture)
    }

    private func rendered(_ fixture: Fixture) throws -> String {
        var session = Client(dialect: .legacy).session
        return text(session.render(try #require(fixture.coordinator.waiting.first)))
    }
}
