import JSON
import JSONRPC
@testable import Session
import Testing

/// The webhook receives every approval once, and no other event.
@Suite struct AnnouncementTests {
    @Test func aQuestionIsAnnouncedWhetherSomebodyIsThereOrNot() {
        for subscribers in [[], [Fixture.ann], [Fixture.ann, Fixture.bob]] {
            var fixture = Fixture(subscribers: Fixture.ann)
            for session in [Fixture.ann, Fixture.bob] { fixture.coordinator.closed(session) }
            for session in subscribers {
                _ = fixture.coordinator.subscribe(to: "t", by: session, change: .init(), now: 0)
            }
            let effects = fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1_000)
            #expect(effects.map(\.line).filter { $0.hasPrefix("announce ") } == ["announce q1"])
        }
    }

    @Test func whatIsNotAskedIsNotAnnounced() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        let effects = fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1_000)
        #expect(effects.map(\.line).filter { $0.hasPrefix("announce ") } == [])
    }

    @Test func theAgentsOwnQuestionIsAnnouncedOnceForAllWhoSeeIt() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        let lines = [Fixture.ann, Fixture.bob].flatMap { session in
            fixture.coordinator.agentAsked(
                AgentID(1), .integer(0), over: session, method: "item/tool/requestUserInput",
                params: ["threadId": "t"], now: 1_000)
        }.map(\.line)
        #expect(lines.filter { $0.hasPrefix("announce ") } == ["announce q1"])
    }
}
