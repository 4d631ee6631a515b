import JSON
@testable import Session
import Testing

/// A model chooses the ids of its calls. While a call waits, no other call may take its id: codex would mistake the
/// answer to one for an answer to the other.
@Suite struct CallIDTests {
    private static func isRefused(_ fixture: inout Fixture, _ command: String, turn: String, ticket: UInt64) -> Bool {
        let input = HookInput.command(command, item: "X", turn: turn)
        let effects = fixture.coordinator.hookAsked(input, ticket: HookTicket(ticket), now: 1)
        return fixture.lines(fixture.coordinator.settled(effects)).contains {
            $0.hasPrefix("deny \(ticket)") && $0.contains("has not ended")
        }
    }

    private static func end(_ fixture: inout Fixture, turn: String, at time: Int64) throws {
        let params: JSONValue = [
            "threadId": "t", "turnId": .string(turn), "completedAtMs": .number(JSONNumber(time)),
            "item": ["type": "commandExecution", "id": "X", "status": "completed"],
        ]
        _ = fixture.coordinator.itemCompleted(try #require(CompletedItem(params: params)), now: time)
    }

    /// A command of an earlier turn goes on in the background.
    @Test func theEndOfAnEarlierTurnsCommandFreesNoID() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(!Self.isRefused(&fixture, "sleep 15", turn: "u", ticket: 1))
        _ = fixture.coordinator.turnCompleted("u", inThread: "t", status: "completed", now: 2)
        #expect(!Self.isRefused(&fixture, "touch good", turn: "v", ticket: 2))
        try Self.end(&fixture, turn: "u", at: 3)
        #expect(Self.isRefused(&fixture, "touch bad", turn: "v", ticket: 3))
    }

    /// Another subscriber's connection lags behind and reports an end again.
    @Test func aLateReportOfAnEndFreesNoID() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        #expect(!Self.isRefused(&fixture, "seq 500000", turn: "u", ticket: 1))
        try Self.end(&fixture, turn: "u", at: 3)
        #expect(!Self.isRefused(&fixture, "touch good", turn: "u", ticket: 2), "the first use has ended")
        try Self.end(&fixture, turn: "u", at: 3)
        #expect(Self.isRefused(&fixture, "touch bad", turn: "u", ticket: 3))
        try Self.end(&fixture, turn: "u", at: 9)
        #expect(!Self.isRefused(&fixture, "touch other", turn: "u", ticket: 4))
    }

    /// The person sees one command in codex's question; the grant under its id is another's.
    @Test(arguments: [("/bin/bash -lc 'touch good'", true), ("/bin/bash -lc 'touch bad'", false)])
    func leavingTheSandboxIsForTheCommandThatWasShown(_ shown: String, _ isWidened: Bool) {
        var fixture = AlarmTests.fixture(granting: .command("touch good"))
        _ = fixture.agentAsks(
            7, over: Fixture.ann, Approval.command,
            ["threadId": "t", "turnId": "u", "itemId": "i", "command": .string(shown)])
        let effects = fixture.coordinator.settled(
            fixture.coordinator.answered(
                "q2", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 5))
        #expect(effects.map(\.line).contains { $0.hasPrefix("start ") } == isWidened)
        #expect(effects.map(\.line).contains { $0.hasPrefix("end start i") } == !isWidened)
    }
}
