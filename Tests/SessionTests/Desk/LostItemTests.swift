import JSON
@testable import Session
import Testing

/// What ran when its agent ended is still shown: nobody knows what it did.
@Suite struct LostItemTests {
    @Test func whatRanIsEndedAndSaidToBeUnknown() {
        var room = Self.running("i")
        let lines = room.lines(room.desk.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("tell 1 item/completed") && lines[0].contains(#""sre":{"outcome":"unknown"}"#))
        #expect(lines[0].contains(#""status":"failed""#))
        #expect(lines[1].hasPrefix("tell 1 sre/outcomeUnknown") && lines[1].contains(#""command":"ls""#))
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 3_000)) == [])
    }

    @Test func whoOpensTheThreadLaterIsToldToo() {
        var room = Self.running("i")
        _ = room.desk.agentEnded(AgentID(1), now: 2_000)
        let lines = room.lines(room.desk.follow("t", by: Room.bob, change: .init(), now: 0))
        #expect(lines.contains { $0.hasPrefix("tell 2 sre/outcomeUnknown") })
    }

    @Test func whatHadEndedIsNotLost() throws {
        var room = Self.running("i", "j")
        let params: JSONValue = ["threadId": "t", "item": ["type": "commandExecution", "id": "i"]]
        _ = room.desk.itemCompleted(try #require(CompletedItem(params: params)), now: 0)
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 2_000)).count == 2)
        room = Self.running("i", "j")
        _ = room.desk.turnCompleted("u", inThread: "t", status: nil, now: 0)
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    @Test func anotherAgentsEndConcernsNobody() {
        var room = Self.running("i")
        #expect(room.lines(room.desk.agentEnded(AgentID(2), now: 2_000)) == [])
    }

    private static func running(_ items: String...) -> Room {
        var room = Room(followedBy: Room.ann)
        for item in items {
            _ = room.ask(.command("ls", item: item))
            _ = room.answer("q\(room.desk.waiting.count)", ["decision": "accept"], by: Room.ann)
            let params: JSONValue = [
                "threadId": "t", "turnId": "u",
                "item": ["type": "commandExecution", "id": .string(item), "command": "ls", "status": "inProgress"],
            ]
            guard let started = StartedItem(params: params) else { continue }
            _ = room.desk.itemStarted(started, by: AgentID(1), seenBy: Room.ann, now: 0)
        }
        return room
    }
}
