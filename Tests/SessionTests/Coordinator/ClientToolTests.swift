import JSON
@testable import Session
import Testing

/// A client's own tool runs only after the gate's question about it was answered with yes, whatever the tool's name.
@Suite struct ClientToolTests {
    private static let arguments: JSONValue = ["to": "prod"]

    private static func call(_ fixture: inout Fixture, _ tool: String, _ arguments: JSONValue = arguments) -> [String] {
        fixture.agentAsks(
            7, over: Fixture.ann, ClientToolCall.method,
            ["threadId": "t", "turnId": "u", "callId": "i", "tool": .string(tool), "arguments": arguments])
    }

    private static func refused(_ lines: [String]) -> Bool {
        lines.contains { $0.hasPrefix("error 7 over 1: ") } && lines.contains("interrupt t u over 1")
            && lines.contains { $0.contains("sre/alarm") } && !lines.contains { $0.hasPrefix("show ") }
    }

    @Test func anApprovedCallReachesTheClient() {
        var fixture = AlarmTests.fixture(granting: .call(tool: "deploy", input: Self.arguments))
        #expect(Self.call(&fixture, "deploy") == ["show q2 to 1"])
    }

    /// The hook did not ask, or its shell and its verifier were killed.
    @Test func aCallThatWasNotApprovedIsRefused() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(Self.refused(Self.call(&fixture, "deploy")))
        var declined = AlarmTests.fixture(granting: .call(tool: "deploy", input: Self.arguments), by: "decline")
        #expect(Self.refused(Self.call(&declined, "deploy")))
        var other = AlarmTests.fixture(granting: .call(tool: "deploy", input: ["to": "staging"]))
        #expect(Self.refused(Self.call(&other, "deploy")), "other arguments")
    }

    /// Shown as codex's own tool, or not at all.
    @Test(arguments: ["update_plan", "clocksleep", "send_message", "Bash", "apply_patch", "mcp__files__rm"])
    func aToolWithTheNameOfAnotherIsRefused(_ tool: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        let lines = fixture.ask(.call(tool: tool, input: Self.arguments))
        if lines.contains("show q1 to 1") { _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann) }
        #expect(Self.refused(Self.call(&fixture, tool)))
    }
}
