import JSON
@testable import Session
import Testing

/// While some command can reach the network, being on this machine proves nothing.
@Suite struct NetworkTests {
    @Test func aGrantCountsUntilItsTurnIsOver() {
        var room = Self.room(answering: ["permissions": ["network": ["enabled": true]], "scope": "turn"])
        #expect(room.desk.someThreadHasNetwork)
        _ = room.desk.turnCompleted("other", inThread: "t")
        #expect(room.desk.someThreadHasNetwork)
        _ = room.desk.turnCompleted("u", inThread: "t")
        #expect(!room.desk.someThreadHasNetwork)
    }

    @Test func oneForTheSessionCountsForGood() {
        var room = Self.room(answering: ["permissions": ["network": ["enabled": true]], "scope": "session"])
        _ = room.desk.turnCompleted("u", inThread: "t")
        #expect(room.desk.someThreadHasNetwork)
    }

    @Test(
        arguments: [
            ["permissions": [:], "scope": "turn"], ["permissions": ["network": nil]],
            ["permissions": ["network": ["enabled": false]]], ["permissions": ["fileSystem": ["write": ["/x"]]]],
        ] as [JSONValue])
    func whatGrantsNoNetworkCountsNothing(_ answer: JSONValue) {
        #expect(!Self.room(answering: answer).desk.someThreadHasNetwork)
    }

    private static func room(answering answer: JSONValue) -> Room {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, "item/permissions/requestApproval", ["threadId": "t", "turnId": "u"])
        _ = room.answer("q1", answer, by: Room.ann)
        return room
    }
}
