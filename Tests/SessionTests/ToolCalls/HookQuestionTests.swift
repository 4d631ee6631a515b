import JSON
@testable import Session
import Testing

/// The approval that a tool call leads to.
@Suite struct HookQuestionTests {
    @Test(
        arguments: [
            ("Bash", ["command": "ls -l"], "ls -l"), ("Bash", ["command": ["ls", "-l"]], #"{"command":["ls","-l"]}"#),
            ("Bash", ["cmd": "ls"], #"{"cmd":"ls"}"#), ("Bash", nil, "null"),
            ("mcp__files__read", ["path": "/a"], #"mcp files.read {"path":"/a"}"#),
            ("mcp__files__read__all", [:], "mcp files.read__all {}"), ("mcp__alone", ["a": 1], #"mcp alone {"a":1}"#),
            ("web_fetch", ["url": "http://x"], #"tool web_fetch {"url":"http://x"}"#),
            ("bash", ["command": "ls"], #"tool bash {"command":"ls"}"#),
            ("Update_plan", [:], "tool Update_plan {}"), ("update_plan2", [:], "tool update_plan2 {}"),
            ("", nil, "tool  null"),
            ("otherspawn_agent", [:], "tool otherspawn_agent {}"),
            ("spawn_agents_on_csv", [:], "tool spawn_agents_on_csv {}"),
            ("exec_command", ["cmd": "ls"], #"tool exec_command {"cmd":"ls"}"#),
        ] as [(String, JSONValue, String)])
    func whatActsIsAskedInWords(_ tool: String, _ input: JSONValue, _ words: String) {
        #expect(HookQuestion(.call(tool: tool, input: input)) == .command(words))
    }

    @Test(arguments: [
        "update_plan", "request_user_input", "request_user_input_async", "tool_search", "get_goal", "create_goal",
        "update_goal", "clockcurr_time", "clocksleep", "spawn_agent", "send_input", "wait_agent", "close_agent",
        "multi_agent_v1spawn_agent", "collaborationsend_message", "list_agents", "interrupt_agent",
    ])
    func whatOnlyTalksIsNotAsked(_ tool: String) {
        #expect(HookQuestion(.call(tool: tool, input: ["any": "thing"])) == .harmless)
    }

    /// codex opens images and audio files for a sub-agent in its own process.
    @Test(
        arguments: [
            [["type": "local_image", "path": "/x.png"]], [["type": "text", "text": "a"], ["type": "later"]],
            [["type": "text", "text": "a", "path": "/x"]], ["/x.png"], "text", [:],
        ] as [JSONValue], ["spawn_agent", "multi_agent_v1send_input"])
    func whatHoldsMoreThanWordsIsAsked(_ items: JSONValue, _ tool: String) {
        let input: JSONValue = ["items": items]
        #expect(HookQuestion(.call(tool: tool, input: input)) == .command("tool \(tool) \(input)"))
        for words in [.null, [], [["type": "text", "text": "a"]]] as [JSONValue] {
            #expect(HookQuestion(.call(tool: tool, input: ["items": words])) == .harmless)
        }
    }

    static let patch = "*** Begin Patch\n*** Add File: a\n+1\n*** End Patch"
    static let changes = [Patch.Change(path: "a", kind: .add, diff: "1\n")]

    @Test(
        arguments: [
            ("apply_patch", ["command": .string(patch)]), ("apply_patch", ["input": .string(patch)]),
            ("Bash", ["command": .string("apply_patch <<'EOF'\n\(patch)\nEOF")]),
        ] as [(String, JSONValue)])
    func aPatchIsAskedAsTheChangesItMakes(_ tool: String, _ input: JSONValue) {
        #expect(HookQuestion(.call(tool: tool, input: input)) == .patch(Self.changes))
    }

    @Test func aPatchThatCannotBeReadIsShownAsItIs() {
        let input: JSONValue = ["command": "*** Begin Patch\n*** Rename File: a\n*** End Patch"]
        #expect(
            HookQuestion(.call(tool: "apply_patch", input: input))
                == .command("apply_patch *** Begin Patch\n*** Rename File: a\n*** End Patch"))
    }

    /// A person must see everything that runs.
    @Test(arguments: [["patch": .string(patch)], ["command": [.string(patch)]], nil, "text"] as [JSONValue])
    func aPatchInAnotherShapeIsShownWhole(_ input: JSONValue) {
        #expect(HookQuestion(.call(tool: "apply_patch", input: input)) == .command("apply_patch \(input)"))
    }
}
