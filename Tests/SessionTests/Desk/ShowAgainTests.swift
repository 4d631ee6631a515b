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
}
