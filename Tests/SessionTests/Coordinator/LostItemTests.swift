import AuditRecord
import JSON
@testable import Session
import Testing

/// An item that ran when its agent ended is still shown, with an unknown outcome.
@Suite struct LostItemTests {
    @Test func whatRanIsEndedAndSaidToBeUnknown() {
        var fixture = Self.running("i")
        let lines = fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("tell 1 item/completed") && lines[0].contains(#""sre":{"outcome":"unknown"}"#))
        #expect(lines[0].contains(#""status":"failed""#))
        #expect(lines[1].hasPrefix("tell 1 sre/outcomeUnknown") && lines[1].contains(#""command":"ls""#))
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 3_000)) == [])
    }

    @Test func whoOpensTheThreadLaterIsToldToo() {
        var fixture = Self.running("i")
        _ = fixture.coordinator.agentEnded(AgentID(1), now: 2_000)
        _ = fixture.coordinator.opened(Fixture.bob)
        let lines = fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0))
        #expect(lines.contains { $0.hasPrefix("tell 2 sre/outcomeUnknown") })
    }

    @Test func whatHadEndedIsNotLost() throws {
        var fixture = Self.running("i", "j")
        let params: JSONValue = ["threadId": "t", "item": ["type": "commandExecution", "id": "i"]]
        _ = fixture.coordinator.itemCompleted(try #require(CompletedItem(params: params)), now: 0)
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000)).count == 2)
        fixture = Self.running("i", "j")
        _ = fixture.coordinator.turnCompleted("u", inThread: "t", status: nil, now: 0)
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    /// codex only notifies subscribers about ended items.
    @Test(arguments: [true, false])
    func whatNobodyWatchedMayHaveEnded(_ leaves: Bool) throws {
        var fixture = Self.running("i")
        if leaves {
            fixture.coordinator.closed(Fixture.ann)
        } else {
            fixture.coordinator.unsubscribe(from: "t", by: Fixture.ann)
        }
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)
        let lines = fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.count == 1 && lines[0].hasPrefix("tell 2 sre/outcomeUnknown"))
        #expect(lines[0].contains("The thread had no subscriber any more when this ran"))
    }

    /// Each subscriber's connection reports start and end, and one connection may lag a batch behind the other.
    @Test func whatHasEndedDoesNotStartAgain() throws {
        var fixture = Self.running("i")
        let completed = try #require(CompletedItem(params: Self.params("i")))
        _ = fixture.coordinator.takeNotes()
        _ = fixture.coordinator.itemCompleted(completed, now: 1)
        let started = try #require(StartedItem(params: Self.params("i")))
        _ = fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.bob, now: 1)
        _ = fixture.coordinator.itemCompleted(completed, now: 1)
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.itemCompleted])
        _ = fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.bob, now: 1)
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    @Test func whatEndedWithItsTurnDoesNotStartAgain() throws {
        var fixture = Self.running("i")
        _ = fixture.coordinator.turnCompleted("u", inThread: "t", status: "interrupted", now: 1)
        let started = try #require(StartedItem(params: Self.params("i")))
        _ = fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.bob, now: 1)
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000)) == [])
    }

    /// A model may use an id twice.
    @Test func anotherItemOfTheSameIDIsAnotherItem() throws {
        var fixture = Self.running("i")
        for startedAt in [nil, 5] as [JSONValue?] {
            var params = Self.params("i")
            params["startedAtMs"] = startedAt
            _ = fixture.coordinator.itemStarted(
                try #require(StartedItem(params: params)), by: AgentID(1), seenBy: Fixture.ann, now: 5)
            _ = fixture.coordinator.itemCompleted(try #require(CompletedItem(params: params)), now: 6)
        }
        #expect(fixture.coordinator.takeNotes().count { $0.kind == .itemCompleted } == 2)
    }

    /// Connections to the agent were lost for a while, and the agent kept running.
    @Test(arguments: [[Fixture.ann], [Fixture.ann, Fixture.bob]])
    func whatRanWhileEverySubscriberMissedEventsMayHaveEnded(_ away: [SessionID]) {
        var fixture = Self.running("i")
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)
        for session in away { fixture.coordinator.missedEvents(session) }
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)
        let lines = fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000))
        #expect(lines.contains { $0.contains("item/completed") } == (away.count == 1))
    }

    /// Ann subscribes again before Bob misses events.
    @Test func oneAfterTheOtherMayLookAway() {
        var fixture = Self.running("i")
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)
        fixture.coordinator.missedEvents(Fixture.ann)
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)
        fixture.coordinator.missedEvents(Fixture.bob)
        #expect(
            fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 2_000)).contains {
                $0.contains("item/completed")
            })
    }

    @Test(arguments: [true, false])
    func turnsEndWithTheirAgentInTheRecordToo(_ isWatched: Bool) {
        var fixture = Fixture(subscribers: Fixture.ann)
        let client = ClientContext(.guest)
        _ = fixture.coordinator.turnBegan("u", inThread: "t", by: client, of: AgentID(1), input: [], now: 0)
        _ = fixture.coordinator.turnBegan("v", inThread: "t", by: client, of: AgentID(2), input: [], now: 0)
        if !isWatched { fixture.coordinator.unsubscribe(from: "t", by: Fixture.ann) }
        _ = fixture.coordinator.takeNotes()
        _ = fixture.coordinator.agentEnded(AgentID(1), now: 2_000)
        let notes = fixture.coordinator.takeNotes()
        #expect(notes.map(\.kind) == [.turnCompleted] && notes.map(\.turnID) == ["u"])
        #expect(notes.first?.details["status"] == (isWatched ? "interrupted" : .null))
        _ = fixture.coordinator.turnBegan("w", inThread: "t", by: client, of: AgentID(1), input: [], now: 2_001)
        #expect(
            fixture.coordinator.takeNotes().map(\.kind) == [.turnStarted, .turnCompleted], "read after the agent's end")
    }

    @Test func anotherAgentsEndConcernsNobody() {
        var fixture = Self.running("i")
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(2), now: 2_000)) == [])
    }

    private static func params(_ item: String) -> JSONValue {
        [
            "threadId": "t", "turnId": "u",
            "item": ["type": "commandExecution", "id": .string(item), "command": "ls", "status": "inProgress"],
        ]
    }

    private static func running(_ items: String...) -> Fixture {
        var fixture = Fixture(subscribers: Fixture.ann)
        for item in items {
            _ = fixture.ask(.command("ls", item: item))
            _ = fixture.answer("q\(fixture.coordinator.waiting.count)", ["decision": "accept"], by: Fixture.ann)
            guard let started = StartedItem(params: params(item)) else { continue }
            _ = fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.ann, now: 0)
        }
        return fixture
    }
}
