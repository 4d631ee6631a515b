import JSON
@testable import Session
import Testing

/// The hook's input from codex, and the verdict that the hook returns.
@Suite struct HookInputTests {
    static let json: JSONValue = [
        "session_id": "t", "turn_id": "u", "cwd": "/w", "tool_name": "Bash", "tool_input": ["command": "ls"],
        "tool_use_id": "i", "hook_event_name": "PreToolUse",
    ]

    @Test func everyMemberIsRead() throws {
        let input = try #require(HookInput(Self.json))
        #expect(input.threadID == "t" && input.turnID == "u" && input.cwd == "/w" && input.toolName == "Bash")
        #expect(input.toolInput == ["command": "ls"])
        #expect(input.toolUseID == "i")
        #expect(input.subAgentThreadID == nil)
    }

    @Test(arguments: ["session_id", "turn_id", "cwd", "tool_name", "tool_use_id"])
    func withoutOneNobodyCanDecide(_ member: String) {
        var json = Self.json
        json[member] = nil
        #expect(HookInput(json) == nil)
        json[member] = 7
        #expect(HookInput(json) == nil)
    }

    @Test(arguments: [[], nil, "x"] as [JSONValue])
    func whatIsNoObjectIsNoInput(_ json: JSONValue) {
        #expect(HookInput(json) == nil)
    }

    @Test func aSubAgentHasAThreadOfItsOwn() throws {
        var json = Self.json
        json["agent_id"] = "child"
        #expect(HookInput(json)?.subAgentThreadID == "child")
        json["agent_id"] = "t"
        #expect(HookInput(json)?.subAgentThreadID == nil)
        json["agent_id"] = .null
        #expect(HookInput(json)?.subAgentThreadID == nil)
    }

    @Test(
        arguments: [
            ("mcp__files__read", "files"), ("mcp__a_b__c__d", "a_b"), ("mcp__x", nil), ("Bash", nil), ("mcp____t", ""),
        ] as [(String, String?)])
    func theServerOfAnMCPTool(_ tool: String, _ server: String?) {
        #expect(HookInput.call(tool: tool, input: nil).toolServer == server)
    }

    @Test func theVerdictIsWhatCodexReads() {
        #expect(
            HookVerdict.allow(toolInput: ["command": "ls"]).json.description == """
                {"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow",\
                "updatedInput":{"command":"ls"}}}
                """)
        #expect(
            HookVerdict.deny(reason: "no").json.description == """
                {"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny",\
                "permissionDecisionReason":"no"}}
                """)
    }

    /// codex makes a denied call if the denial has no reason.
    @Test func aDenialAlwaysHasAReason() {
        let output = HookVerdict.deny(reason: "").json["hookSpecificOutput"]
        #expect(output?["permissionDecisionReason"]?.stringValue?.isEmpty == false)
    }
}
