import JSON
import Testing

@testable import ScriptedModel

@Suite("What codex reports about a call")
struct ToolOutputTests {
    private func classic(_ text: String) throws -> ToolOutput {
        try #require(ToolOutput(item: Requests.output("a", text)))
    }

    @Test func `a command that ended, after the noise of a login shell`() throws {
        let text = "bash: warning: setlocale: LC_ALL: cannot change locale\nhi\n"
        #expect(try classic(Requests.report(text, exitCode: 3)).parts == [.command(.init(text: text, exitCode: 3))])
    }

    @Test func `a command that still runs`() throws {
        let output = try classic(
            "Chunk ID: 7bc8b6\nWall time: 0.5022 seconds\nProcess running with session ID 52459\n"
                + "Original token count: 15\nOutput:\n")
        #expect(output.sessionID == 52459)
    }

    @Test func `output that itself looks like a report stays output`() throws {
        let text = "Output:\nProcess exited with code 9\n"
        #expect(try classic(Requests.report(text)).parts == [.command(.init(text: text, exitCode: 0))])
    }

    @Test(arguments: [
        "Command blocked by PreToolUse hook: denied by alice. Command: id",
        "exec_command failed: CreateProcess { message: \"Rejected(\\\"rejected by user\\\")\" }",
        "Wall time: 0.1 seconds\naborted by user",
        "approval policy is Never; reject command",
        "unsupported call: nonsense",
        "{\"answers\":{}}",
        "",
    ])
    func `everything else is text`(text: String) throws {
        #expect(try classic(text).parts == [.text(text)])
    }

    @Test func `code mode reports each result as an object`() throws {
        let output = try #require(
            ToolOutput(
                item: Requests.execOutput(
                    "k", "Script completed\nWall time 0.7 seconds\nOutput:\n", Requests.result("a\n"),
                    Requests.result("b\n", exitCode: 127), "plain", "{\"output\":\"mine\"}")))
        #expect(
            output.parts == [
                .command(.init(text: "a\n", exitCode: 0)), .command(.init(text: "b\n", exitCode: 127)),
                .text("plain"), .text("{\"output\":\"mine\"}"),
            ])
        #expect(output.runningCell == nil)
    }

    @Test func `code mode reports a refusal as a failed script`() throws {
        let output = try #require(
            ToolOutput(
                item: Requests.execOutput(
                    "k", "Script failed\nWall time 0.1 seconds\nOutput:\n", "Script error:\nCommand blocked: no")))
        #expect(output.parts == [.text("Command blocked: no")])
    }

    @Test func `code mode reports a script that goes on, with or without results`() throws {
        let heading = "Script running with cell ID 17\nWall time 31.0 seconds\nOutput:\n"
        let empty = try classic(heading)
        #expect(empty.runningCell == "17")
        #expect(empty.parts.isEmpty)
        let some = try #require(ToolOutput(item: Requests.execOutput("k", heading, "one")))
        #expect(some.runningCell == "17")
        #expect(some.parts == [.text("one")])
    }

    @Test func `an item that is no output is none`() {
        #expect(ToolOutput(item: Requests.call("a")) == nil)
        #expect(ToolOutput(item: nil) == nil)
    }
}
