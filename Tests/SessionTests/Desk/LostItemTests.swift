import AuditRecord
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
        _ = room.desk.opened(Room.bob)
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

    /// codex tells only followers what ends.
    @Test(arguments: [true, false])
    func whatNobodyWatchedMayHaveEnded(_ leaves: Bool) throws {
        var room = Self.running("i")
        if leaves { room.desk.closed(Room.ann) } else { room.desk.unfollow("t", by: Room.ann) }
        _ = room.desk.opened(Room.bob)
        _ = room.desk.follow("t", by: Room.bob, change: .init(), now: 0)
        let lines = room.lines(room.desk.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.count == 1 && lines[0].hasPrefix("tell 2 sre/outcomeUnknown"))
        #expect(lines[0].contains("Nobody followed the thread any more when this ran"))
    }

    /// Each follower's connection reports start and end, and one may be a batch behind the other.
    @Test func whatHasEndedDoesNotStartAgain() throws {
        var room = Self.running("i")
        let completed = try #require(CompletedItem(params: Self.params("i")))
        _ = room.desk.takeNotes()
        _ = room.desk.itemCompleted(completed, now: 1)
        let started = try #require(StartedItem(params: Self.params("i")))
        _ = room.desk.itemStarted(started, by: AgentID(1), seenBy: Room.bob, now: 1)
        _ = room.desk.itemCompleted(completed, now: 1)
        #expect(room.desk.takeNotes().map(\.kind) == [.itemCompleted])
        _ = room.desk.itemStarted(started, by: AgentID(1), seenBy: Room.bob, now: 1)
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    @Test func whatEndedWithItsTurnDoesNotStartAgain() throws {
        var room = Self.running("i")
        _ = room.desk.turnCompleted("u", inThread: "t", status: "interrupted", now: 1)
        let started = try #require(StartedItem(params: Self.params("i")))
        _ = room.desk.itemStarted(started, by: AgentID(1), seenBy: Room.bob, now: 1)
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    /// A model may use an id twice.
    @Test func anotherItemOfTheSameIDIsAnotherItem() throws {
        var room = Self.running("i")
        for startedAt in [nil, 5] as [JSONValue?] {
            var params = Self.params("i")
            params["startedAtMs"] = startedAt
            _ = room.desk.itemStarted(
                try #require(StartedItem(params: params)), by: AgentID(1), seenBy: Room.ann, now: 5)
            _ = room.desk.itemCompleted(try #require(CompletedItem(params: params)), now: 6)
        }
        #expect(room.desk.takeNotes().count { $0.kind == .itemCompleted } == 2)
    }

    /// Connections to the agent were lost for a while, and the agent went on.
    @Test(arguments: [[Room.ann], [Room.ann, Room.bob]])
    func whatRanWhileEveryFollowerLookedAwayMayHaveEnded(_ away: [SessionID]) {
        var room = Self.running("i")
        _ = room.desk.opened(Room.bob)
        _ = room.desk.follow("t", by: Room.bob, change: .init(), now: 0)
        for session in away { room.desk.lookedAway(session) }
        _ = room.desk.follow("t", by: Room.ann, change: .init(), now: 0)
        let lines = room.lines(room.desk.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.contains { $0.contains("item/completed") } == (away.count == 1))
    }

    /// She looks again before he looks away.
    @Test func oneAfterTheOtherMayLookAway() {
        var room = Self.running("i")
        _ = room.desk.opened(Room.bob)
        _ = room.desk.follow("t", by: Room.bob, change: .init(), now: 0)
        room.desk.lookedAway(Room.ann)
        _ = room.desk.follow("t", by: Room.ann, change: .init(), now: 0)
        room.desk.lookedAway(Room.bob)
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 2_000)).contains { $0.contains("item/completed") })
    }

    @Test(arguments: [true, false])
    func turnsEndWithTheirAgentInTheRecordToo(_ isWatched: Bool) {
        var room = Room(followedBy: Room.ann)
        let caller = Caller(.guest)
        _ = room.desk.turnBegan("u", inThread: "t", by: caller, of: AgentID(1), input: [], now: 0)
        _ = room.desk.turnBegan("v", inThread: "t", by: caller, of: AgentID(2), input: [], now: 0)
        if !isWatched { room.desk.unfollow("t", by: Room.ann) }
        _ = room.desk.takeNotes()
        _ = room.desk.agentEnded(AgentID(1), now: 2_000)
        let notes = room.desk.takeNotes()
        #expect(notes.map(\.kind) == [.turnCompleted] && notes.map(\.turnID) == ["u"])
        #expect(notes.first?.details["status"] == (isWatched ? "interrupted" : .null))
        _ = room.desk.turnBegan("w", inThread: "t", by: caller, of: AgentID(1), input: [], now: 2_001)
        #expect(room.desk.takeNotes().map(\.kind) == [.turnStarted, .turnCompleted], "read after the agent's end")
    }

    @Test func anotherAgentsEndConcernsNobody() {
        var room = Self.running("i")
        #expect(room.lines(room.desk.agentEnded(AgentID(2), now: 2_000)) == [])
    }

    private static func params(_ item: String) -> JSONValue {
        [
            "threadId": "t", "turnId": "u",
            "item": ["type": "commandExecution", "id": .string(item), "command": "ls", "status": "inProgress"],
        ]
    }

    private static func running(_ items: String...) -> Room {
        var room = Room(followedBy: Room.ann)
        for item in items {
            _ = room.ask(.command("ls", item: item))
            _ = room.answer("q\(room.desk.waiting.count)", ["decision": "accept"], by: Room.ann)
            guard let started = StartedItem(params: params(item)) else { continue }
            _ = room.desk.itemStarted(started, by: AgentID(1), seenBy: Room.ann, now: 0)
        }
        return room
    }
}
