import JSON
import Testing

@testable import ScriptedModel

@Suite("The demo")
struct DemoModelTests {
    private static let df = """
        bash: warning: setlocale: LC_ALL: cannot change locale (de_DE.UTF-8)
        Filesystem      Size  Used Avail Use% Mounted on
        /dev/vda        252G   18G   77G  19% /
        /dev/vdb1       7.9G  7.6G     0 100% /var/lib/data

        """

    private func text(_ step: Step) -> String { step.text?.whole ?? "" }

    private func answer(_ question: String, _ items: JSONValue...) throws -> Step {
        let request = try ResponsesRequest(
            body: ["tools": [], "input": .array(Requests.context + [Requests.message("user", question)] + items)])
        return ScriptedModel.step(for: request, mode: .demo)
    }

    @Test func `chooses the real command`() throws {
        let command = Command(command: "df -hP -x tmpfs -x devtmpfs -x squashfs")
        #expect(try answer("Check disk usage on localhost").action == .commands([command]))
    }

    @Test func `answers from the real output in both shapes`() throws {
        let expected = """
            **Demo model:** `/var/lib/data` is the fullest file system: **100%** used, 7.6G of 7.9G, 0 free. \
            That is nearly full.

            - `/`: 19%, 77G free
            """
        let classic = try answer(
            "Check disk usage", Requests.call("a"), Requests.output("a", Requests.report(Self.df)))
        #expect(classic == .answer(expected))
        let codeMode = try answer(
            "Check disk usage", Requests.exec("a"),
            Requests.execOutput("a", "Script completed\nWall time 0.7 seconds\nOutput:\n", Requests.result(Self.df)))
        #expect(codeMode == .answer(expected))
    }

    @Test func `asks to leave the sandbox for what it hides, and only then`() throws {
        guard case .commands(let commands) = try answer("Which ports are listening?").action else {
            Issue.record("no command")
            return
        }
        #expect(commands.first?.escalate == true)
        #expect(commands.first?.justification?.hasSuffix("?") == true)
        let never = try Requests.classic(
            Requests.message("developer", Requests.neverAsk), Requests.message("user", "Which ports are listening?"))
        #expect(DemoModel.step(for: never).action == .commands([Command(command: "ss -ltnp")]))
    }

    @Test func `says when it may not look outside the sandbox`() throws {
        let request = try Requests.classic(
            Requests.message("developer", Requests.neverAsk), Requests.message("user", "ports"), Requests.call("a"),
            Requests.output("a", Requests.report("State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n")))
        #expect(text(DemoModel.step(for: request)).hasSuffix("I was not allowed to look outside of it."))
    }

    @Test(
        arguments: zip(
            [
                "Command blocked by PreToolUse hook: denied by alice: not on `this` host. Command: df. Command: x",
                "exec_command failed: CreateProcess { message: \"Rejected(\\\"rejected by user\\\")\" }",
                "Wall time: 0.1 seconds\naborted by user",
                "approval policy is Never; reject command",
            ],
            [
                "``denied by alice: not on `this` host``", "it was declined", "it was interrupted",
                "`approval policy is Never; reject command`",
            ]))
    func `a command that was not run is not run again`(reason: String, explanation: String) throws {
        let step = try answer("Check disk usage", Requests.call("a"), Requests.output("a", reason))
        #expect(step.action == .none)
        #expect(text(step).hasPrefix("**Demo model:** `df -hP"))
        #expect(text(step).hasSuffix("was not run: \(explanation). I do not try again by myself."))
    }

    @Test(arguments: ["/bin/bash: line 1: ss: command not found\n", "sh: 1: ss: not found\n"])
    func `a missing tool is named`(output: String) throws {
        let step = try answer(
            "Which ports are listening?", Requests.call("a"),
            Requests.output("a", Requests.report(output, exitCode: 127)))
        #expect(text(step) == "**Demo model:** `ss` is not installed on this machine, so I cannot answer that.")
    }

    @Test func `a failure is shown as it is`() throws {
        let output = "System has not been booted with systemd as init system (PID 1). Can't operate.\n"
        let step = try answer(
            "failed services?", Requests.call("a"), Requests.output("a", Requests.report(output, exitCode: 1)))
        #expect(
            text(step) == """
                **Demo model:** `systemctl --failed --no-pager` failed with exit code 1.

                ```
                System has not been booted with systemd as init system (PID 1). Can't operate.
                ```
                """)
    }

    @Test func `waits for a slow command, but not for ever`() throws {
        let running = "Wall time: 10.0 seconds\nProcess running with session ID 5\nOutput:\n"
        var items = [Requests.call("a"), Requests.output("a", running)]
        let question = [Requests.message("user", "disk")]
        let first = try ResponsesRequest(body: ["input": .array(question + items)])
        #expect(DemoModel.step(for: first).action == .writeStdin(session: 5, chars: "", yieldMilliseconds: 30_000))
        for index in 0..<10 {
            items += [Requests.call("p\(index)", name: "write_stdin"), Requests.output("p\(index)", running)]
        }
        let last = try ResponsesRequest(body: ["input": .array(question + items)])
        #expect(text(DemoModel.step(for: last)).contains("still running"))
    }

    @Test func `puts together what a slow command wrote`() throws {
        let running = "Wall time: 10.0 seconds\nProcess running with session ID 5\nOutput:\nFilesystem x\n"
        let rest = Requests.report("/dev/vda 252G 18G 77G 19% /\n")
        let step = try answer(
            "disk", Requests.call("a"), Requests.output("a", running), Requests.call("b"), Requests.output("b", rest))
        #expect(text(step).contains("**19%**"))
    }

    @Test func `says what it can do when it does not understand`() throws {
        let step = try answer("Write me a poem")
        #expect(step == .answer(DemoAnswer.capabilities))
        for word in ["disk", "memory", "load", "processes", "ports", "services", "logs"] {
            #expect(text(step).contains(word))
        }
    }

    @Test func `every answer is marked`() {
        let answers = [
            DemoAnswer.capabilities, DemoAnswer.found("x"), DemoAnswer.refused("c", reason: "r"),
            DemoAnswer.failed("c", exitCode: nil, output: ""), DemoAnswer.endless("c"), DemoAnswer.summary,
        ]
        #expect(answers.allSatisfy { $0.hasPrefix(DemoAnswer.mark) })
    }

    @Test func `a summary is given when codex compacts`() throws {
        let metadata: JSONValue = ["x-codex-turn-metadata": #"{"request_kind":"compaction"}"#]
        let request = try ResponsesRequest(
            body: ["input": .array([Requests.message("user", "disk")]), "client_metadata": metadata])
        #expect(ScriptedModel.step(for: request, mode: .demo) == .answer(DemoAnswer.summary))
    }
}
