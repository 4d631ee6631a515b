import JSON
@testable import Session
import Testing

/// The gate's approval in codex's own format.
@Suite struct CommandQuestionTests {
    @Test func everyMemberThatClientsReadIsThere() throws {
        let params = try Self.params(.command("df -h /"), timeout: 500)
        #expect(params["threadId"] == "t" && params["turnId"] == "u" && params["itemId"] == "i")
        #expect(
            params["command"] == "/bin/bash -lc 'df -h /'" && params["cwd"] == "/w" && params["startedAtMs"] == 1_000)
        #expect(params["commandActions"] == [["type": "unknown", "command": "df -h /"]])
        #expect(params["availableDecisions"] == ["accept", "acceptForSession", "decline", "cancel"])
        #expect(params["sre"] == ["asks": "command", "expiresAt": 1_500, "command": "df -h /"])
        #expect(params["reason"]?.stringValue == nil)
    }

    @Test func aQuestionThatWaitsForEverHasNoEnd() throws {
        #expect(try Self.params(.command("ls"))["sre"] == ["asks": "command", "command": "ls"])
    }

    @Test func aSubAgentsQuestionGoesToTheParentsSubscribersAndSaysSo() throws {
        let params = try Self.params(.command("ls", subAgent: "child"))
        #expect(params["threadId"] == "t")
        #expect(
            params["sre"]
                == ["asks": "command", "subAgentOf": "t", "subAgentThreadId": "child", "command": "ls"])
    }

    @Test func stoppingASubAgentStopsItsOwnTurn() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls", subAgent: "child"))
        #expect(fixture.answer("q1", ["decision": "cancel"], by: Fixture.ann).contains("interrupt child u over 1"))
    }

    @Test(arguments: ["update_plan", "spawn_agent", "collaborationwait_agent"])
    func aToolThatOnlyTalksPassesUnasked(_ tool: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(fixture.ask(.call(tool: tool, input: ["a": 1])) == [#"allow 1 {"a":1}"#])
        #expect(fixture.coordinator.waiting.isEmpty)
    }

    @Test func whatIsNoShellCommandHasNoShellAroundIt() throws {
        let params = try Self.params(.call(tool: "mcp__files__read", input: [:]))
        #expect(params["command"] == "mcp files.read {}" && params["sre"]?["command"] == "mcp files.read {}")
    }

    @Test func aToolCallHasItsPartsApart() throws {
        let params = try Self.params(.call(tool: "mcp__files__read__all", input: ["path": "/a"]))
        #expect(params["sre"]?["tool"] == ["server": "files", "name": "read__all", "arguments": ["path": "/a"]])
        let own = try Self.params(.call(tool: "view_image", input: ["path": "/a"]))
        #expect(own["sre"]?["tool"] == ["server": .null, "name": "view_image", "arguments": ["path": "/a"]])
        #expect(try Self.params(.command("ls"))["sre"]?["tool"] == nil)
    }

    @Test func hostileTextIsShownAsItIs() throws {
        let command = "echo \u{202E}\u{1B}[2J\u{200B}\r\n\0 end"
        #expect(try Self.params(.command(command))["sre"]?["command"] == .string(command))
    }

    private static func params(_ input: HookInput, timeout: Milliseconds? = nil) throws -> JSONValue {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: timeout)
        _ = fixture.ask(input)
        let approval = try #require(fixture.coordinator.waiting.first)
        #expect(approval.method == "item/commandExecution/requestApproval")
        return approval.params
    }
}
