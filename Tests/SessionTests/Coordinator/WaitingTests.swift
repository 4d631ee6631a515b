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

    /// A client that was shown an earlier question and has left the thread.
    @Test func whoWasShownAFinishedQuestionIsTold() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        _ = fixture.coordinator.unsubscribe(from: "t", by: Fixture.bob)
        _ = fixture.told()
        _ = fixture.ask(.command("ls -l", item: "j"), ticket: 2)
        #expect(fixture.told() == [.init(session: Fixture.bob, count: 1)])
    }

    /// A viewer cannot answer, and would keep the question from those who can.
    @Test(arguments: [true, false]) func aSubAgentsQuestionGoesWhereItCanBeAnswered(mayAnswer: Bool) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob, mayAnswer: mayAnswer)
        _ = fixture.coordinator.subscribe(to: "child", by: Fixture.bob, change: ThreadMode.Change(), now: 0)
        let lines = fixture.ask(.command("ls", subAgent: "child"))
        let shown = lines.filter { $0.contains("show") }
        #expect(shown.count == 1 && shown[0].contains(mayAnswer ? " 2" : " 1"), "\(lines)")
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
