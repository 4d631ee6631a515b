import JSON
@testable import Session
import Testing

/// `sre/waiting`: sessions that do not follow a thread learn how many questions wait there.
@Suite struct WaitingTests {
    @Test func whoDoesNotFollowTheThreadIsTold() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.told() == [.init(session: Fixture.bob, count: 1)])
        #expect(fixture.told() == [], "nothing has changed since")
        _ = fixture.answer("q1", ["decision": "decline"], by: Fixture.ann)
        #expect(fixture.told() == [.init(session: Fixture.bob, count: 0)])
    }

    @Test func whoWasShownTheQuestionIsNotTold() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.bob)
        #expect(fixture.told() == [])
    }

    @Test func aQuestionThatExpiresIsGone() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.ask(.command("ls"))
        _ = fixture.told()
        _ = fixture.coordinator.expire("q1", now: 2_000)
        #expect(fixture.told() == [.init(session: Fixture.bob, count: 0)])
    }
}

private struct Told: Equatable {
    let session: SessionID
    let count: Int64?
}

extension Fixture {
    fileprivate mutating func told() -> [Told] {
        coordinator.tellWaiting().map { effect in
            guard case .notify(let session, "sre/waiting", let params) = effect, params["threadId"] == "t" else {
                return Told(session: SessionID(0), count: nil)
            }
            return Told(session: session, count: params["count"]?.intValue)
        }
    }
}
