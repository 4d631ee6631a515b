import JSON
import Testing

@testable import ScriptedModel

@Suite("Calls in both shapes")
struct ToolCallItemsTests {
    static let hostile = [
        #"echo "it's" `id` $(id) ${x} \ \\ \n"#, "a\nb\r\n\t\u{0}\u{1B}[31m", "\u{2028}\u{2029}\u{85}\u{FEFF}",
        "*/ </script> <!-- ` ${1} `", "\u{1F468}\u{200D}\u{1F469} \u{10FFFF} é e\u{301}", "",
    ]

    private func items(_ action: Action, _ request: ResponsesRequest) -> [JSONValue] {
        ToolCallItems(shape: request.shape, tools: request.tools, ids: ResponseIDs(seed: "s")).items(for: action)
    }

    @Test func `a command as a function call`() throws {
        let action = Action.commands([Command(command: "ls", escalate: true, justification: "why")])
        let arguments = #"{"cmd":"ls","sandbox_permissions":"require_escalated","justification":"why"}"#
        #expect(
            items(action, try Requests.classic()) == [
                [
                    "type": "function_call", "status": "completed", "name": "exec_command", "call_id": "call_s_0",
                    "arguments": .string(arguments),
                ]
            ])
    }

    @Test func `a command as JavaScript`() throws {
        let action = Action.commands([Command(command: "ls", workdir: "/", yieldMilliseconds: 5, tty: true)])
        let input = #"text(await tools.exec_command({"cmd":"ls","workdir":"/","tty":true,"yield_time_ms":5}));"#
        #expect(
            items(action, try Requests.codeMode()) == [
                [
                    "type": "custom_tool_call", "status": "completed", "name": "exec", "namespace": "functions",
                    "call_id": "call_s_0", "input": .string(input),
                ]
            ])
    }

    @Test func `commands at the same time`() throws {
        let action = Action.commands([Command(command: "a"), Command(command: "b")])
        #expect(items(action, try Requests.classic()).map { $0["call_id"] } == ["call_s_0", "call_s_1"])
        let input = """
            const results = await Promise.all([
              tools.exec_command({"cmd":"a"}),
              tools.exec_command({"cmd":"b"}),
            ]);
            for (const result of results) text(result);
            """
        #expect(items(action, try Requests.codeMode()).map { $0["input"] } == [.string(input)])
    }

    @Test(arguments: hostile)
    func `hostile text stays a literal`(text: String) throws {
        let action = Action.commands([Command(command: text)])
        let arguments = try #require(items(action, try Requests.classic())[0]["arguments"]?.stringValue)
        #expect(try JSONValue(parsing: arguments)["cmd"] == .string(text))
        let program = try #require(items(action, try Requests.codeMode())[0]["input"]?.stringValue)
        let literal = program.dropFirst("text(await tools.exec_command(".count).dropLast("));".count)
        #expect(try JSONValue(parsing: String(literal))["cmd"] == .string(text))
        #expect(!program.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{2028}" || $0 == "\u{2029}" })
    }

    @Test func `a member that would change the prototype does not`() {
        let literal = JavaScript.literal(["__proto__": ["x": 1], "y": [nil, true, 1.5]])
        #expect(literal == #"{["__proto__"]:{"x":1},"y":[null,true,1.5]}"#)
    }

    @Test func `a patch on both routes`() throws {
        let patch = "*** Begin Patch\n*** Add File: EOF\n+a\nEOF\n*** End Patch"
        let arguments: JSONValue = ["cmd": .string(ToolCallItems.heredoc(patch))]
        let heredoc = "apply_patch <<'EOF_'\n\(patch)\nEOF_\n"
        #expect(ToolCallItems.heredoc(patch) == heredoc)
        #expect(
            items(.patch(patch, .heredoc), try Requests.classic())[0]["arguments"]
                == .string(arguments.description))
        #expect(
            items(.patch("p", .tool), try Requests.codeMode())[0]["input"]
                == #"text(await tools.apply_patch("p"));"#)
        let custom = items(.patch("p", .tool), try Requests.classic())[0]
        #expect(custom["type"] == "custom_tool_call")
        #expect(custom["name"] == "apply_patch")
        #expect(custom["input"] == "p")
    }

    @Test func `a tool that is offered is called directly, with its namespace`() throws {
        let spawn = Action.tool(ToolUse(name: "spawn_agent", arguments: ["message": "m"]))
        #expect(items(spawn, try Requests.classic())[0]["namespace"] == "multi_agent_v1")
        #expect(items(spawn, try Requests.codeMode())[0]["namespace"] == "collaboration")
        #expect(items(spawn, try Requests.codeMode())[0]["type"] == "function_call")
        let exec = items(.tool(ToolUse(name: "exec", input: "text(1)")), try Requests.codeMode())[0]
        #expect(exec["input"] == "text(1)")
    }

    @Test func `another tool is called from JavaScript in code mode`() throws {
        let use = Action.tool(ToolUse(name: "echo-it", namespace: "mcp__my-srv", arguments: ["s": "a"]))
        #expect(
            items(use, try Requests.codeMode())[0]["input"] == #"text(await tools.mcp__my_srv__echo_it({"s":"a"}));"#)
        #expect(items(use, try Requests.classic())[0]["name"] == "echo_it")
        let odd = Action.tool(ToolUse(name: "2x"))
        #expect(items(odd, try Requests.codeMode())[0]["input"] == #"text(await tools["2x"]({}));"#)
    }

    @Test func `waiting is marked as a poll`() throws {
        let wait = items(.wait(cell: "4"), try Requests.codeMode())[0]
        #expect(wait["name"] == "wait")
        #expect(wait["namespace"] == "functions")
        #expect(ResponseIDs.isPoll(try #require(wait["call_id"]?.stringValue)))
    }
}
