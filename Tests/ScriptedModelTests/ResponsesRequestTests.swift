import JSON
import Testing

@testable import ScriptedModel

@Suite("What a posted request says")
struct ResponsesRequestTests {
    @Test func `the shape follows from where the tools are`() throws {
        #expect(try Requests.classic().shape == .functionCalls)
        #expect(try Requests.codeMode().shape == .codeMode)
        #expect(try Requests.codeMode().tools.entry(name: "exec")?.isCustom == true)
        #expect(try Requests.classic().tools.entry(name: "spawn_agent")?.namespace == "multi_agent_v1")
    }

    @Test func `tools are found under the names that an MCP server gives them`() throws {
        let tools = try Requests.classic().tools
        #expect(tools.entry(name: "echo-it", namespace: "mcp__my-srv")?.name == "echo_it")
        #expect(tools.entry(name: "echo_it", namespace: "mcp__other") == nil)
    }

    @Test func `the last thing that a person said counts`() throws {
        let request = try Requests.classic(
            Requests.message("user", "first"), Requests.message("assistant", "hm"), Requests.message("user", "second"))
        #expect(request.conversation.userText == "second")
    }

    @Test(arguments: [
        "<environment_context>\n<cwd>/</cwd>\n</environment_context>",
        "<turn_aborted>\nThe user interrupted the previous turn on purpose.\n</turn_aborted>",
        "<subagent_notification>\n{\"agent_path\":\"01\"}\n</subagent_notification>",
        "<user_shell_command>\n<command>\nls\n</command>\n</user_shell_command>",
        "<skill>\n<name>x</name>\n</skill>",
        "# AGENTS.md instructions for /srv\n\n<INSTRUCTIONS>\nbe nice\n</INSTRUCTIONS>",
        "Another language model started to solve this problem and produced a summary…",
    ])
    func `what codex adds in the name of the user is nothing that somebody said`(context: String) throws {
        let request = try Requests.classic(Requests.message("user", "df"), Requests.message("user", context))
        #expect(request.conversation.userText == "df")
    }

    @Test(arguments: ["<b>bold</b>", "<environment_context> is what?", "< 80% free?", ""])
    func `what looks a little like it is what somebody said`(text: String) throws {
        #expect(try Requests.classic(Requests.message("user", text)).conversation.userText == text)
    }

    @Test func `a task from another agent counts like a message, its report does not`() throws {
        func message(_ type: String, _ rest: JSONValue) -> JSONValue {
            let heading = "Message Type: \(type)\nTask name: /root/kid\nSender: /root\nPayload:\n"
            return ["type": "agent_message", "content": [["type": "input_text", "text": .string(heading)], rest]]
        }
        let task = message("NEW_TASK", ["type": "encrypted_content", "encrypted_content": "script:[]"])
        let report = message("FINAL_ANSWER", ["type": "input_text", "text": "done"])
        #expect(try Requests.codeMode(task, report).conversation.userText == "script:[]")
    }

    @Test func `the input may be a plain string`() throws {
        #expect(try ResponsesRequest(body: ["input": "hi"]).conversation.userText == "hi")
    }

    @Test func `parallel calls are one round, polls are none`() throws {
        let request = try Requests.classic(
            Requests.message("user", "go"),
            ["type": "reasoning", "summary": []], Requests.call("a"), Requests.call("b"),
            Requests.output("b", "x"), Requests.output("a", "y"),
            Requests.call("poll_1", name: "wait"), Requests.output("poll_1", "z"),
            Requests.call("c"), Requests.output("c", "w"))
        #expect(request.conversation.rounds == 2)
        #expect(request.conversation.outputs.map(\.callID) == ["b", "a", "poll_1", "c"])
    }

    @Test func `a newer message supersedes, with the output that comes after it`() throws {
        let request = try Requests.classic(
            Requests.message("user", "go"), Requests.call("a"), Requests.message("user", "no, this"),
            Requests.output("a", Requests.report("late")))
        #expect(request.conversation.rounds == 0)
        #expect(request.conversation.outputs.isEmpty)
    }

    @Test func `a running command is known beyond the message`() throws {
        let running = "Wall time: 0.5 seconds\nProcess running with session ID 52459\nOutput:\n$ "
        let request = try Requests.classic(
            Requests.message("user", "go"), Requests.call("a"), Requests.output("a", running),
            Requests.message("user", "next"))
        #expect(request.conversation.lastSessionID == 52459)
    }

    @Test func `sandbox and escalation are read from what codex tells the model`() throws {
        #expect(try Requests.classic().permissions == Permissions(isSandboxed: true, mayEscalate: true))
        let never = try Requests.classic(Requests.message("developer", Requests.neverAsk))
        #expect(never.permissions == Permissions(isSandboxed: true, mayEscalate: false))
        let open = Permissions(items: [
            Requests.message("developer", "<permissions instructions> `sandbox_mode` is `danger-full-access`")
        ])
        #expect(open == Permissions(isSandboxed: false, mayEscalate: false))
        #expect(Permissions(items: []) == Permissions(isSandboxed: true, mayEscalate: false))
    }

    @Test func `a compaction is told from a turn`() throws {
        func request(_ kind: String) throws -> ResponsesRequest {
            let metadata: JSONValue = ["x-codex-turn-metadata": .string("{\"request_kind\":\"\(kind)\"}")]
            return try ResponsesRequest(body: ["input": [], "client_metadata": metadata])
        }
        #expect(try request("compaction").kind == .compaction)
        #expect(try request("turn").kind == .turn)
    }

    @Test(arguments: [nil, ["input": 1], [:]] as [JSONValue])
    func `anything else is no request`(body: JSONValue) {
        #expect(throws: RequestError.self) { try ResponsesRequest(body: body) }
    }
}
