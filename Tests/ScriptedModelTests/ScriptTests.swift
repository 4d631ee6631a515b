import JSON
import Testing

@testable import ScriptedModel

@Suite("Scripts")
struct ScriptTests {
    private func step(_ json: String) throws -> Step {
        try #require(try Script(source: "[\(json)]").steps.first)
    }

    @Test func `texts`() throws {
        #expect(try step(#"{"text":"hi"}"#) == .answer("hi"))
        #expect(
            try step(#"{"text":["del","tas"],"delayMilliseconds":20}"#)
                == Step(text: .pieces(["del", "tas"]), delayMilliseconds: 20))
        #expect(try step(#"{"bytes":10,"chunk":4}"#) == Step(text: .filler(bytes: 10, chunk: 4)))
    }

    @Test func `a filler has exactly the bytes that were asked for`() {
        let text = StepText.filler(bytes: 10, chunk: 4)
        #expect((0..<text.count).map { text[$0] } == ["xxxx", "xxxx", "xx"])
        #expect(text.whole.utf8.count == 10)
    }

    @Test func `commands`() throws {
        var command = Command(command: "id", workdir: "/", escalate: true, justification: "may I?")
        command.yieldMilliseconds = 500
        command.tty = true
        let json = """
            {"command":"id","workdir":"/","escalate":true,"justification":"may I?","timeoutMilliseconds":500,"tty":true}
            """
        #expect(try step(json).action == .commands([command]))
        #expect(
            try step(#"{"commands":["a",{"command":"b","tty":true}]}"#).action
                == .commands([Command(command: "a"), Command(command: "b", tty: true)]))
    }

    @Test func `other tools`() throws {
        #expect(try step(#"{"patch":"p"}"#).action == .patch("p", .heredoc))
        #expect(try step(#"{"patch":"p","via":"tool"}"#).action == .patch("p", .tool))
        #expect(
            try step(#"{"writeStdin":{"sessionId":7,"chars":"y\n"}}"#).action
                == .writeStdin(session: 7, chars: "y\n", yieldMilliseconds: nil))
        #expect(
            try step(#"{"tool":{"name":"t","namespace":"n","arguments":{"a":1}}}"#).action
                == .tool(ToolUse(name: "t", namespace: "n", arguments: ["a": 1])))
        #expect(
            try step(#"{"tool":{"name":"exec","input":"text(1)"}}"#).action
                == .tool(ToolUse(name: "exec", input: "text(1)")))
    }

    @Test func `a question in short and in full`() throws {
        let short = try step(#"{"question":{"question":"Which?","options":["A",{"label":"B","description":"b"}]}}"#)
        let full: JSONObject = [
            "questions": [
                [
                    "id": "answer", "header": "Question", "question": "Which?",
                    "options": [["label": "A", "description": "A"], ["label": "B", "description": "b"]],
                ]
            ]
        ]
        #expect(short.action == .tool(ToolUse(name: "request_user_input", arguments: full)))
        let json: JSONValue = ["question": .object(full)]
        #expect(try step(json.description) == short)
    }

    @Test func `endings, and what comes before them`() throws {
        #expect(try step(#"{"error":{"status":503,"message":"m"}}"#).action == .refuse(status: 503, message: "m"))
        #expect(try step(#"{"failed":{"code":"c","message":"m"}}"#).action == .fail(code: "c", message: "m"))
        #expect(try step(#"{"text":"x","hang":true}"#) == Step(text: .pieces(["x"]), action: .hang))
        #expect(try step(#"{"cut":true}"#).action == .cut)
        #expect(
            try step(#"{"reasoning":"r","text":"t","command":"c"}"#)
                == Step(reasoning: "r", text: .pieces(["t"]), action: .commands([Command(command: "c")])))
    }

    @Test(
        arguments: zip(
            [
                "", "{}", "[1]", "[{}]", #"[{"comand":"ls"}]"#, #"[{"text":1}]"#, #"[{"text":["a",1]}]"#,
                #"[{"command":"a","patch":"b"}]"#, #"[{"text":"a"},{"command":1}]"#, #"[{"commands":[]}]"#,
                #"[{"patch":"p","via":"mail"}]"#, #"[{"error":{"status":200}}]"#, #"[{"text":"a","bytes":1}]"#,
                #"[{"text":"a","chunk":1}]"#, #"[{"text":"a","delayMilliseconds":-1}]"#,
                #"[{"writeStdin":{"char":""}}]"#,
                #"[{"question":{}}]"#, #"[{"tool":{"name":"t","arguments":[]}}]"#, #"[{"hang":1}]"#,
                #"[{"text":"a","error":{}}]"#, #"[{"workdir":"/"}]"#,
            ],
            [
                "not JSON: the text ends too early at byte 0", "not an array of steps",
                "step 1: the step is not an object", "step 1: the step does nothing", "step 1: unknown member `comand`",
                "step 1: `text` is neither a string nor an array of strings",
                "step 1: `text` has a piece that is not a string", "step 1: the step does more than one thing",
                "step 2: `command` is not a string", "step 1: `commands` is not an array with at least one command",
                "step 1: `via` is neither heredoc nor tool",
                "step 1: `status` is not a whole number from 400 to 599",
                "step 1: `text` and `bytes` exclude each other", "step 1: `chunk` goes with `bytes` only",
                "step 1: `delayMilliseconds` is not a whole number from 0 to 600000", "step 1: unknown member `char`",
                "step 1: `question` is missing", "step 1: `arguments` is not an object",
                "step 1: `hang` is neither true nor false",
                "step 1: `error` is the whole answer and goes with no text or reasoning",
                "step 1: unknown member `workdir`",
            ]))
    func `a mistake is named`(source: String, message: String) {
        #expect(throws: ScriptError(message)) { try Script(source: source) }
    }

    @Test func `the step follows from the number of answers`() throws {
        let text = Requests.message("user", #" script:[{"command":"a"},{"text":"b"}]"#)
        let first = try Requests.classic(text)
        let second = try Requests.classic(text, Requests.call("a"), Requests.output("a", Requests.report("")))
        let third = try Requests.classic(
            text, Requests.call("a"), Requests.output("a", "x"), Requests.message("assistant", "b"))
        #expect(ScriptedModel.step(for: first, mode: .scripts).action == .commands([Command(command: "a")]))
        #expect(ScriptedModel.step(for: second, mode: .scripts) == .answer("b"))
        #expect(ScriptedModel.step(for: third, mode: .scripts) == .answer("script ended"))
    }

    @Test func `standard input goes to the command that runs`() throws {
        let text = Requests.message("user", #"script:[{"command":"cat"},{"writeStdin":{"chars":"x"}}]"#)
        let running = "Wall time: 0.5 seconds\nProcess running with session ID 5\nOutput:\n"
        let request = try Requests.classic(text, Requests.call("a"), Requests.output("a", running))
        let step = ScriptedModel.step(for: request, mode: .scripts)
        #expect(step.action == .writeStdin(session: 5, chars: "x", yieldMilliseconds: nil))
        let ended = try Requests.classic(text, Requests.call("a"), Requests.output("a", Requests.report("")))
        let refusal = "script error: step 2: no command is running to write to"
        #expect(ScriptedModel.step(for: ended, mode: .scripts) == .answer(refusal))
    }

    @Test func `a malformed script is answered with what is wrong`() throws {
        let request = try Requests.classic(Requests.message("user", #"script:[{"x":1}]"#))
        #expect(ScriptedModel.step(for: request, mode: .scripts) == .answer("script error: step 1: unknown member `x`"))
    }

    @Test func `the demo plays no scripts`() throws {
        let request = try Requests.classic(Requests.message("user", #"script:[{"text":"unmarked"}]"#))
        #expect(ScriptedModel.step(for: request, mode: .demo) == .answer(DemoAnswer.capabilities))
    }

    @Test func `JavaScript that goes on is waited for, which is no step`() throws {
        let text = Requests.message("user", #"script:[{"command":"a"},{"text":"b"}]"#)
        let running = Requests.execOutput("a", "Script running with cell ID 4\nWall time 31.0 seconds\nOutput:\n")
        let waiting = try Requests.codeMode(text, Requests.exec("a"), running)
        #expect(ScriptedModel.step(for: waiting, mode: .scripts).action == .wait(cell: "4"))
        let done = try Requests.codeMode(
            text, Requests.exec("a"), running, Requests.call("poll_1", name: "wait"),
            Requests.output("poll_1", "Script completed\nWall time 9.1 seconds\nOutput:\n"))
        #expect(ScriptedModel.step(for: done, mode: .scripts) == .answer("b"))
    }
}
