import JSON
@testable import Session
import Testing

/// A client that has missed messages must not miss an approval.
@Suite struct ShowAgainTests {
    @Test func whatWaitsIsShownAgainToWhomItWasShown() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.lines(fixture.coordinator.showAgain(to: Fixture.ann)) == ["show q1 to 1"])
        #expect(fixture.lines(fixture.coordinator.showAgain(to: Fixture.bob)) == [])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).contains { $0.hasPrefix("allow") })
        #expect(fixture.lines(fixture.coordinator.showAgain(to: Fixture.ann)) == [])
    }

    /// If an answer cannot be recorded, the approval stays open, also for clients that connected meanwhile.
    @Test func whatIsBeingWrittenDownIsShownToo() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        let effects = fixture.coordinator.answered(
            "q1", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 5)
        let pending = try #require(effects.first?.pending)
        #expect(fixture.lines(fixture.coordinator.showAgain(to: Fixture.ann)) == ["show q1 to 1"])
        _ = fixture.coordinator.opened(Fixture.bob)
        #expect(
            fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: ThreadMode.Change(), now: 6))
                == ["show q1 to 2"])
        _ = fixture.coordinator.recorded(pending, failure: "disk full", now: 7)
        #expect(fixture.answer("q1", ["decision": "decline"], by: Fixture.bob).contains { $0.hasPrefix("deny 1") })
    }

    @Test func aCopyOfARequestThatIsBeingAnsweredIsShownToo() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        let effects = fixture.coordinator.answered(
            "q1", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 5)
        let pending = try #require(effects.first?.pending)
        #expect(fixture.agentAsks(0, over: Fixture.bob) == ["show q1 to 2"])
        _ = fixture.coordinator.recorded(pending, failure: nil, now: 7)
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [], "it is over")
    }
}
