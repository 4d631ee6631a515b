import JSON
import JSONRPC
@testable import Session
import Testing

/// Whoever is on call hears of every question once, and of nothing else.
@Suite struct AnnouncementTests {
    @Test func aQuestionIsAnnouncedWhetherSomebodyIsThereOrNot() {
        for followers in [[], [Room.ann], [Room.ann, Room.bob]] {
            var room = Room(followedBy: Room.ann)
            for session in [Room.ann, Room.bob] { room.desk.closed(session) }
            for session in followers { _ = room.desk.follow("t", by: session, change: .init(), now: 0) }
            let effects = room.desk.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1_000)
            #expect(effects.map(\.line).filter { $0.hasPrefix("announce ") } == ["announce q1"])
        }
    }

    @Test func whatIsNotAskedIsNotAnnounced() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", .init(policy: .never))
        let effects = room.desk.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1_000)
        #expect(effects.map(\.line).filter { $0.hasPrefix("announce ") } == [])
    }

    @Test func theAgentsOwnQuestionIsAnnouncedOnceForAllWhoSeeIt() {
        var room = Room(followedBy: Room.ann, Room.bob)
        let lines = [Room.ann, Room.bob].flatMap { session in
            room.desk.agentAsked(
                AgentID(1), .integer(0), over: session, method: "item/tool/requestUserInput",
                params: ["threadId": "t"], now: 1_000)
        }.map(\.line)
        #expect(lines.filter { $0.hasPrefix("announce ") } == ["announce q1"])
    }
}
