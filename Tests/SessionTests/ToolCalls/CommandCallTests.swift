import ExecGrants
import JSON
@testable import Session
import Testing

/// The shell and other arguments of a command, from codex's transcript.
@Suite struct CommandCallTests {
    @Test(
        arguments: [
            (#"{"cmd":"ls"}"#, [:], "/bin/bash -lc"),
            (#"{"cmd":"ls","yield_time_ms":5,"justification":"x","max_output_tokens":9}"#, [:], "/bin/bash -lc"),
            (#"{"cmd":"ls","shell":"sh"}"#, ["shell": "sh"], "/usr/bin/sh -lc"),
            (#"{"cmd":"ls","login":false}"#, ["login": false], "/bin/bash -c"),
            (#"{"cmd":"ls","login":null,"tty":null}"#, [:], "/bin/bash -lc"),
            (#"{"cmd":"ls","tty":true,"of_a_later_codex":1}"#, ["tty": true, "of_a_later_codex": 1], "/bin/bash -lc"),
        ] as [(String, JSONObject, String)])
    func aCallSaysIt(_ arguments: String, _ besides: JSONObject, _ shell: String) {
        for item in ["call-1", "exec-1"] {
            let line =
                item == "call-1"
                ? Self.line(["call_id": "call-1", "arguments": .string(arguments)])
                : Self.script("await tools.exec_command(\(arguments))")
            let input = Self.completed([line], item: item)
            #expect(input.arguments == besides)
            #expect(Self.question(input)["command"] == .string("\(shell) 'ls'"))
        }
    }

    @Test(arguments: [
        #"await tools.exec_command({cmd:"ls",shell:s})"#, #"await tools.exec_command({cmd:"ls",...o})"#,
        #"await tools.exec_command({cmd:"ls"}); await tools.exec_command({cmd:"ls",shell:"sh"})"#,
        #"await tools.exec_command({cmd:"l"+"s",shell:"sh"})"#,
    ])
    func whereNobodyCanTellTheDefaultIsShownAndNothingStands(_ script: String) {
        let input = Self.completed([Self.script(script)], item: "exec-1")
        #expect(input.arguments == nil && input.shells == CommandGrant.Shell.codexDefaults)
        #expect(Self.question(input)["command"] == "/bin/bash -lc 'ls'")
        #expect(Self.question(input)["availableDecisions"] == ["accept", "decline", "cancel"])
        #expect(!input.isPlain)
    }

    /// Quotes a name that a shell would not read as a plain word, so that it cannot imitate another command line.
    @Test func aShellsNameIsQuoted() {
        let call = Self.line(["call_id": "call-1", "arguments": #"{"cmd":"ls","shell":"bash -c 'touch x' #"}"#])
        let shown = Self.question(Self.completed([call]))["command"]
        #expect(shown == #"'/usr/bin/bash -c '\''touch x'\'' #' -lc 'ls'"#)
    }

    @Test func anIdThatIsUsedTwiceSaysNothing() {
        let plain = Self.line(["call_id": "call-1", "arguments": #"{"cmd":"ls"}"#])
        let other = Self.line([
            "call_id": "call-1", "arguments": #"{"cmd":"ls","sandbox_permissions":"require_escalated"}"#,
        ])
        let output = Self.line(["call_id": "call-1", "output": "done"])
        for transcript in [[plain, other], [other, plain], [plain, output, plain, other]] {
            #expect(Self.completed(transcript).arguments == nil)
        }
        // A model may reuse an id in a later turn.
        #expect(Self.completed([other, output, plain]).arguments == [:])
    }

    @Test func whatIsNotTheDefaultIsSaid() {
        func said(_ arguments: String) -> JSONValue? {
            Self.question(Self.completed([Self.line(["call_id": "call-1", "arguments": .string(arguments)])]))["sre"]
        }
        #expect(said(#"{"cmd":"ls"}"#) == ["asks": "command", "command": "ls"])
        #expect(said(#"{"cmd":"ls","shell":"/bin/sh"}"#)?["shell"] == ["names": ["sh"], "login": true])
        #expect(said(#"{"cmd":"ls","shell":"zsh"}"#)?["shell"] == ["names": ["zsh", "sh"], "login": true])
        #expect(said(#"{"cmd":"ls","login":false}"#)?["shell"] == ["names": ["bash"], "login": false])
        #expect(said(#"{"cmd":"ls","tty":true}"#)?["arguments"] == ["tty": true])
    }

    private static func completed(_ transcript: [JSONValue], item: String = "call-1") -> HookInput {
        var input = HookInput.command("ls", item: item, arguments: nil)
        input.complete(from: transcript)
        return input
    }

    private static func question(_ input: HookInput) -> JSONValue {
        HookQuestion(input).request(about: input, askedAt: 0, expiresAt: nil).params
    }

    private static func script(_ source: String) -> JSONValue {
        line(["type": "custom_tool_call", "name": "exec", "call_id": "s1", "input": .string(source)])
    }

    private static func line(_ payload: JSONValue) -> JSONValue { ["type": "response_item", "payload": payload] }
}
