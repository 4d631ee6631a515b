import JSON
@testable import Session
import Testing

/// The gate's approval, from the hook's request to the verdict.
@Suite struct AnswerTests {
    @Test func everySubscriberIsShownTheQuestionAndItsTimeIsSet() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob, timeout: 500)
        #expect(fixture.ask(.command("ls")) == ["expire q1 at 1500", "show q1 to 1", "show q1 to 2"])
        #expect(fixture.coordinator.waiting.map(\.id) == ["q1"])
    }

    @Test func theFirstAnswerIsForwardedAndAllWhoWereAskedHear() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        let resolved = """
            serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"accept",\
            "decidedBy":"ann","decidedAt":1000}}
            """
        #expect(
            fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
                == [#"allow 1 {"command":"ls"}"#, "tell 1 \(resolved)", "tell 2 \(resolved)"])
        #expect(fixture.coordinator.waiting.isEmpty)
    }

    @Test(
        arguments: [
            (["decision": "accept"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "allow"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "acceptForSession"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "decline"], ["deny 1: The person declined it. Do not try it again unasked."]),
            (["decision": "decline", "reason": ""], ["deny 1: The person declined it. Do not try it again unasked."]),
            (["decision": "deny", "reason": "too wide"], ["deny 1: The person declined it and says: too wide"]),
            (["decision": "cancel"], ["deny 1: The person stopped the turn.", "interrupt t u over 1"]),
        ] as [(JSONValue, [String])])
    func eachDecisionDoesWhatItSays(_ result: JSONValue, _ effects: [String]) {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.answer("q1", result, by: Fixture.ann).filter { !$0.hasPrefix("tell") } == effects)
    }

    @Test func aQuestionOfAThreadWithoutSubscribersWaitsForOne() {
        var fixture = Fixture()
        #expect(fixture.ask(.command("ls")) == [])
        _ = fixture.coordinator.opened(Fixture.cho)
        let effects = fixture.coordinator.subscribe(to: "t", by: Fixture.cho, change: .init(), now: 0)
        #expect(fixture.lines(effects) == ["show q1 to 3"])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.cho).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func openingAThreadAgainShowsNothingTwice() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)) == [])
        fixture.coordinator.unsubscribe(from: "t", by: Fixture.ann)
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)) == [])
    }

    @Test func theThreadsSubscribersAreAskedAndNobodyElse() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.subscribe(to: "other", by: Fixture.bob, change: .init(), now: 0)
        #expect(fixture.ask(.command("ls")) == ["show q1 to 1"])
    }

    @Test func whoUnsubscribedStillHearsTheEnd() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        fixture.coordinator.unsubscribe(from: "t", by: Fixture.bob)
        #expect(
            fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).count {
                $0.hasPrefix("tell 2 serverRequest/resolved")
            } == 1)
    }

    @Test func whoIsGoneHearsNothing() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        fixture.coordinator.closed(Fixture.bob)
        #expect(
            fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).contains { $0.hasPrefix("tell 2") } == false)
    }

    @Test func nobodyAnswersInTimeMeansNoAndTheTurnGoesOn() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        _ = fixture.ask(.command("ls"))
        #expect(
            fixture.lines(fixture.coordinator.expire("q1", now: 1_500)) == [
                "deny 1: The person declined it and says: Nobody answered in time. Go on without it.",
                #"tell 1 serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"expired","decidedAt":1500}}"#,
            ])
        #expect(fixture.lines(fixture.coordinator.expire("q1", now: 1_501)) == [])
    }

    @Test func aHookThatGoesAwayTakesItsQuestionAlong() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(
            fixture.lines(fixture.coordinator.hookGone(HookTicket(1), now: 1_200)) == [
                #"tell 1 serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"void","decidedAt":1200}}"#
            ])
        #expect(fixture.lines(fixture.coordinator.hookGone(HookTicket(1), now: 1_201)) == [])
    }

    @Test func anIdIsNeverUsedTwice() {
        var fixture = Fixture(subscribers: Fixture.ann)
        for ticket in 1...5 as ClosedRange<UInt64> {
            _ = fixture.ask(.command("ls"), ticket: ticket)
            _ = fixture.answer(.string("q\(ticket)"), ["decision": "accept"], by: Fixture.ann)
        }
        _ = fixture.ask(.command("ls"), ticket: 6)
        #expect(fixture.coordinator.waiting.map(\.id) == ["q6"])
    }
}
