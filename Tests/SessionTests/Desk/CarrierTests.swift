import JSON
import JSONRPC
@testable import Session
import Testing

/// An answer reaches the agent although the connection that should carry it goes away.
@Suite struct CarrierTests {
    static let accepted = #"result 0 over 2: {"decision":"accept"}"#

    /// Ann answers and leaves while that is written down.
    @Test(arguments: [true, false])
    func theAnswerOfOneWhoLeavesIsGivenByAnother(_ isOtherAsked: Bool) throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann)
        if isOtherAsked { _ = room.agentAsks(0, over: Room.bob) }
        let held = try #require(Self.annAnswers(&room))
        #expect(room.lines(room.desk.closed(Room.ann)) == [])
        let lines = room.lines(room.desk.recorded(held, failure: nil, now: 6))
        #expect(lines.contains(Self.accepted) == isOtherAsked)
        #expect(room.agentAsks(0, over: Room.bob) == (isOtherAsked ? [] : [Self.accepted]), "when the agent asks again")
        #expect(room.agentAsks(0, over: Room.bob) == [], "once")
    }

    @Test(arguments: [true, false])
    func whatWasUnderWayWhenItsConnectionBrokeIsGivenAgain(_ breaksBeforeItIsSent: Bool) throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        for session in [Room.ann, Room.bob] { _ = room.agentAsks(0, over: session) }
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann).contains { $0.hasPrefix("result 0 over 1") })
        func isBroken(_ session: SessionID) -> [String] {
            room.lines(
                breaksBeforeItIsSent
                    ? room.desk.notDelivered(to: AgentID(1), .integer(0), over: session)
                    : room.desk.connectionLost(of: session))
        }
        #expect(isBroken(Room.ann) == [Self.accepted])
        #expect(isBroken(Room.ann) == [], "it is Bob's now")
        #expect(isBroken(Room.bob) == [], "nobody else was asked")
        #expect(room.agentAsks(0, over: Room.bob) == [Self.accepted])
    }

    @Test func whatTheAgentHasIsNotGivenAgain() {
        var room = Room(followedBy: Room.ann, Room.bob)
        for session in [Room.ann, Room.bob] { _ = room.agentAsks(0, over: session) }
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        _ = room.desk.agentResolved(AgentID(1), .integer(0), now: 7)
        #expect(room.lines(room.desk.connectionLost(of: Room.ann)) == [])
        #expect(room.agentAsks(0, over: Room.bob) == [])
    }

    /// Ids are counted anew in each agent: the answer must not reach the next one.
    @Test func anAgentThatHasEndedGetsNoAnswers() throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        for session in [Room.ann, Room.bob] { _ = room.agentAsks(0, over: session) }
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        _ = room.desk.agentEnded(AgentID(1), now: 7)
        #expect(room.lines(room.desk.connectionLost(of: Room.ann)) == [])
    }

    /// The end of an agent may be known before all that it wrote has been read.
    @Test func anAgentThatHasEndedAsksNothing() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.agentEnded(AgentID(1), now: 7)
        #expect(room.agentAsks(0, over: Room.ann) == [])
        #expect(room.agentAsks(0, over: Room.ann, agent: 2) == ["show q1 to 1"])
    }

    /// What is left of a batch of the agent's when its session ends.
    @Test func aSessionThatHasEndedIsAskedNothing() {
        var room = Room(followedBy: Room.ann, Room.bob)
        room.desk.closed(Room.ann)
        #expect(room.agentAsks(0, over: Room.ann) == [])
        #expect(room.lines(room.desk.follow("t", by: Room.ann, change: .init(), now: 0)) == [])
        #expect(room.ask(.command("ls")).map { $0.prefix(9) } == ["show q1 t"] && !room.desk.isAsking(Room.ann))
    }

    @Test func oneWhoStopsTheTurnAndLeavesHasStoppedIt() throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        let held = try #require(Self.annAnswers(&room, "cancel"))
        room.desk.closed(Room.ann)
        #expect(room.lines(room.desk.recorded(held, failure: nil, now: 6)).contains("interrupt t u over 2"))
    }

    /// Ann has no connection to the agent when she stops the turn.
    @Test func whatNobodyCouldStopIsStoppedByTheNextWhoOpensTheThread() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        #expect(room.answer("q1", ["decision": "cancel"], by: Room.ann).contains("interrupt t u over 1"))
        #expect(Self.fails(&room, Room.ann) == ["interrupt t u over 2"])
        #expect(Self.fails(&room, Room.bob) == [], "nobody else is there")
        _ = room.desk.opened(Room.cho)
        #expect(room.lines(room.desk.follow("x", by: Room.cho, change: .init(), now: 0)) == [])
        let again = room.desk.follow("t", by: Room.ann, change: .init(), now: 0)
        #expect(room.lines(again).contains("interrupt t u over 1"))
        #expect(room.lines(room.desk.follow("t", by: Room.bob, change: .init(), now: 0)) == [], "once")
    }

    @Test func aTurnThatHasEndedNeedNotBeStopped() {
        var room = Room(followedBy: Room.ann)
        #expect(Self.fails(&room, Room.ann) == [])
        _ = room.desk.turnCompleted("u", inThread: "t", status: "completed", now: 7)
        #expect(room.lines(room.desk.follow("t", by: Room.ann, change: .init(), now: 0)) == [])
    }

    private static func fails(_ room: inout Room, _ session: SessionID) -> [String] {
        let stop = Desk.Interrupt(threadID: "t", turnID: "u", followedThreadID: "t")
        return room.lines(room.desk.notInterrupted(stop, over: session))
    }

    /// Its own thread is followed by nobody: those of the thread that began it may stop it.
    @Test func aSubAgentIsStoppedByTheFollowersOfItsParent() throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls", subAgent: "child"))
        #expect(room.answer("q1", ["decision": "cancel"], by: Room.ann).contains("interrupt child u over 1"))
        let stop = Desk.Interrupt(threadID: "child", turnID: "u", followedThreadID: "t")
        #expect(room.lines(room.desk.notInterrupted(stop, over: Room.ann)) == ["interrupt child u over 2"])
        #expect(room.lines(room.desk.notInterrupted(stop, over: Room.bob)) == [])
        _ = room.desk.opened(Room.cho)
        let lines = room.lines(room.desk.follow("t", by: Room.cho, change: .init(), now: 0))
        #expect(lines == ["interrupt child u over 3"])
    }

    @Test func theNextAgentHasNothingToStop() {
        var room = Room(followedBy: Room.ann)
        #expect(Self.fails(&room, Room.ann) == [])
        _ = room.desk.agentEnded(AgentID(1), now: 7)
        #expect(room.lines(room.desk.follow("t", by: Room.ann, change: .init(), now: 0)) == [])
    }

    /// A copy of the request that came after the answer says that its session was asked as well.
    @Test(arguments: ["item/commandExecution/requestApproval", "mcpServer/elicitation/request"])
    func whoIsAskedAfterTheAnswerMayCarryIt(_ method: String) {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann, method)
        _ = room.answer("q1", ["decision": "accept", "action": "accept"], by: Room.ann)
        #expect(room.agentAsks(0, over: Room.bob, method) == [])
        #expect(room.lines(room.desk.connectionLost(of: Room.ann)).first?.hasPrefix("result 0 over 2") == true)
    }

    private static func annAnswers(_ room: inout Room, _ decision: JSONValue = "accept") -> Desk.Held? {
        room.desk.answered("q1", .result(["decision": decision]), from: Room.ann, by: Caller(.guest), now: 5)
            .first?.held
    }
}
