import JSON
@testable import Session
import Testing

/// A client that has missed something must not miss a question.
@Suite struct ShowAgainTests {
    @Test func whatWaitsIsShownAgainToWhomItWasShown() {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(room.lines(room.desk.showAgain(to: Room.ann)) == ["show q1 to 1"])
        #expect(room.lines(room.desk.showAgain(to: Room.bob)) == [])
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann).contains { $0.hasPrefix("allow") })
        #expect(room.lines(room.desk.showAgain(to: Room.ann)) == [])
    }

    /// An answer that cannot be written down leaves the question waiting, for those who came meanwhile as well.
    @Test func whatIsBeingWrittenDownIsShownToo() throws {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        let effects = room.desk.answered(
            "q1", .result(["decision": "accept"]), from: Room.ann, by: Caller(.guest), now: 5)
        let held = try #require(effects.first?.held)
        #expect(room.lines(room.desk.showAgain(to: Room.ann)) == ["show q1 to 1"])
        _ = room.desk.opened(Room.bob)
        #expect(
            room.lines(room.desk.follow("t", by: Room.bob, change: ThreadMode.Change(), now: 6)) == ["show q1 to 2"])
        _ = room.desk.recorded(held, failure: "disk full", now: 7)
        #expect(room.answer("q1", ["decision": "decline"], by: Room.bob).contains { $0.hasPrefix("deny 1") })
    }

    @Test func aCopyOfARequestThatIsBeingAnsweredIsShownToo() throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann)
        let effects = room.desk.answered(
            "q1", .result(["decision": "accept"]), from: Room.ann, by: Caller(.guest), now: 5)
        let held = try #require(effects.first?.held)
        #expect(room.agentAsks(0, over: Room.bob) == ["show q1 to 2"])
        _ = room.desk.recorded(held, failure: nil, now: 7)
        #expect(room.agentAsks(0, over: Room.bob) == [], "it is over")
    }
}
