import JSON
@testable import Session
import Testing

/// An answer waits for the disk, and meanwhile the sign-in of its giver ends.
@Suite struct EndedAnswerTests {
    private static func answer(_ result: JSONValue, _ fixture: inout Fixture) -> [String] {
        _ = fixture.ask(.command("ls"))
        let effects = fixture.coordinator.answered(
            "q1", .result(result), from: Fixture.ann, by: ClientContext(.guest), now: 1)
        fixture.coordinator.endStandingApprovals { $0.principal == .guest }
        return fixture.lines(fixture.coordinator.settled(effects))
    }

    @Test(
        arguments: [
            ["decision": "accept"], ["decision": "acceptForSession"], ["decision": "decline", "reason": "use rm"],
        ] as [JSONValue])
    func itHasNoEffect(_ result: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(RejectionTests.reasons(Self.answer(result, &fixture)) == ["forbidden"])
        #expect(fixture.coordinator.isWaiting("q1"), "somebody else may answer")
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        #expect(fixture.ask(.command("ls"), ticket: 2).contains { $0.hasPrefix("show") }, "nothing stands")
    }

    @Test(arguments: ["decline", "cancel"])
    func aNoWithoutWordsIsSafe(_ word: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(Self.answer(["decision": .string(word)], &fixture).contains { $0.hasPrefix("deny 1") })
    }

    /// The row of the call that passes by the approval is being written.
    @Test func whatRestsOnAnEndedApprovalDoesNotRun() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        _ = fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)
        fixture.coordinator.ended(.command("ls"))
        let effects = fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(2), now: 1)
        fixture.coordinator.endStandingApprovals { $0.principal == .guest }
        let lines = fixture.lines(fixture.coordinator.settled(effects))
        #expect(lines.count == 1 && lines[0].hasPrefix("deny 2") && lines[0].contains("ended"))
    }
}
