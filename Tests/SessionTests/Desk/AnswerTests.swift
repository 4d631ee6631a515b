import JSON
@testable import Session
import Testing

/// The gate's question, from the hook that asks to the verdict.
@Suite struct AnswerTests {
    @Test func everyFollowerIsShownTheQuestionAndItsTimeIsSet() {
        var room = Room(followedBy: Room.ann, Room.bob, timeout: 500)
        #expect(room.ask(.command("ls")) == ["expire q1 at 1500", "show q1 to 1", "show q1 to 2"])
        #expect(room.desk.waiting.map(\.id) == ["q1"])
    }

    @Test func theFirstAnswerIsForwardedAndAllWhoWereAskedHear() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        let resolved = """
            serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"accept",\
            "decidedBy":"ann","decidedAt":1000}}
            """
        #expect(
            room.answer("q1", ["decision": "accept"], by: Room.ann)
                == [#"allow 1 {"command":"ls"}"#, "tell 1 \(resolved)", "tell 2 \(resolved)"])
        #expect(room.desk.waiting.isEmpty)
    }

    @Test(
        arguments: [
            (["decision": "accept"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "allow"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "acceptForSession"], [#"allow 1 {"command":"ls"}"#]),
            (["decision": "decline"], ["deny 1: The person declined it. Do not try it again unasked."]),
            (["decision": "decline", "reason": ""], ["deny 1: The person declined it. Do not try it again unasked."]),
            (["decision": "deny", "reason": "too wide"], ["deny 1: The person declined it and says: too wide"]),
            (["decision": "cancel"], ["deny 1: The person stopped the turn.", "interrupt t u over 1"]),
        ] as [(JSONValue, [String])])
    func eachDecisionDoesWhatItSays(_ result: JSONValue, _ effects: [String]) {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        #expect(room.answer("q1", result, by: Room.ann).filter { !$0.hasPrefix("tell") } == effects)
    }

    @Test func aQuestionOfAThreadThatNobodyFollowsWaitsForOneWhoDoes() {
        var room = Room()
        #expect(room.ask(.command("ls")) == [])
        _ = room.desk.opened(Room.cho)
        let effects = room.desk.follow("t", by: Room.cho, change: .init(), now: 0)
        #expect(room.lines(effects) == ["show q1 to 3"])
        #expect(room.answer("q1", ["decision": "accept"], by: Room.cho).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func openingAThreadAgainShowsNothingTwice() {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(room.lines(room.desk.follow("t", by: Room.ann, change: .init(), now: 0)) == [])
        room.desk.unfollow("t", by: Room.ann)
        #expect(room.lines(room.desk.follow("t", by: Room.ann, change: .init(), now: 0)) == [])
    }

    @Test func theThreadsFollowersAreAskedAndNobodyElse() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.opened(Room.bob)
        _ = room.desk.follow("other", by: Room.bob, change: .init(), now: 0)
        #expect(room.ask(.command("ls")) == ["show q1 to 1"])
    }

    @Test func whoStoppedFollowingStillHearsTheEnd() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        room.desk.unfollow("t", by: Room.bob)
        #expect(
            room.answer("q1", ["decision": "accept"], by: Room.ann).count {
                $0.hasPrefix("tell 2 serverRequest/resolved")
            } == 1)
    }

    @Test func whoIsGoneHearsNothing() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        room.desk.closed(Room.bob)
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann).contains { $0.hasPrefix("tell 2") } == false)
    }

    @Test func nobodyAnswersInTimeMeansNoAndTheTurnGoesOn() {
        var room = Room(followedBy: Room.ann, timeout: 500)
        _ = room.ask(.command("ls"))
        #expect(
            room.lines(room.desk.expire("q1", now: 1_500)) == [
                "deny 1: The person declined it and says: Nobody answered in time. Go on without it.",
                #"tell 1 serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"expired","decidedAt":1500}}"#,
            ])
        #expect(room.lines(room.desk.expire("q1", now: 1_501)) == [])
    }

    @Test func aHookThatGoesAwayTakesItsQuestionAlong() {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(
            room.lines(room.desk.hookGone(HookTicket(1), now: 1_200)) == [
                #"tell 1 serverRequest/resolved {"threadId":"t","requestId":"q1","sre":{"decision":"void","decidedAt":1200}}"#
            ])
        #expect(room.lines(room.desk.hookGone(HookTicket(1), now: 1_201)) == [])
    }

    @Test func anIdIsNeverUsedTwice() {
        var room = Room(followedBy: Room.ann)
        for ticket in 1...5 as ClosedRange<UInt64> {
            _ = room.ask(.command("ls"), ticket: ticket)
            _ = room.answer(.string("q\(ticket)"), ["decision": "accept"], by: Room.ann)
        }
        _ = room.ask(.command("ls"), ticket: 6)
        #expect(room.desk.waiting.map(\.id) == ["q6"])
    }
}
