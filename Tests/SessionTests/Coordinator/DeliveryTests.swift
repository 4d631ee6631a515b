import JSON
import JSONRPC
@testable import Session
import Testing

/// An answer reaches the agent although the connection that should deliver it closes.
@Suite struct DeliveryTests {
    static let accepted = #"result 0 over 2: {"decision":"accept"}"#

    /// Ann answers and disconnects while the answer is being recorded.
    @Test(arguments: [true, false])
    func theAnswerOfOneWhoLeavesIsGivenByAnother(_ isOtherAsked: Bool) throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        if isOtherAsked { _ = fixture.agentAsks(0, over: Fixture.bob) }
        let pending = try #require(Self.annAnswers(&fixture))
        #expect(fixture.lines(fixture.coordinator.closed(Fixture.ann)) == [])
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 6))
        #expect(lines.contains(Self.accepted) == isOtherAsked)
        #expect(
            fixture.agentAsks(0, over: Fixture.bob) == (isOtherAsked ? [] : [Self.accepted]),
            "when the agent asks again")
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [], "once")
    }

    @Test(arguments: [true, false])
    func whatWasUnderWayWhenItsConnectionBrokeIsGivenAgain(_ breaksBeforeItIsSent: Bool) throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        for session in [Fixture.ann, Fixture.bob] { _ = fixture.agentAsks(0, over: session) }
        #expect(
            fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).contains { $0.hasPrefix("result 0 over 1") })
        func isBroken(_ session: SessionID) -> [String] {
            fixture.lines(
                breaksBeforeItIsSent
                    ? fixture.coordinator.notDelivered(to: AgentID(1), .integer(0), over: session)
                    : fixture.coordinator.connectionLost(of: session))
        }
        #expect(isBroken(Fixture.ann) == [Self.accepted])
        #expect(isBroken(Fixture.ann) == [], "it is Bob's now")
        #expect(isBroken(Fixture.bob) == [], "nobody else was asked")
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [Self.accepted])
    }

    @Test func whatTheAgentHasIsNotGivenAgain() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        for session in [Fixture.ann, Fixture.bob] { _ = fixture.agentAsks(0, over: session) }
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        _ = fixture.coordinator.agentResolved(AgentID(1), .integer(0), now: 7)
        #expect(fixture.lines(fixture.coordinator.connectionLost(of: Fixture.ann)) == [])
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [])
    }

    /// Each agent counts its request ids from the start, so the answer must not reach the next agent.
    @Test func anAgentThatHasEndedGetsNoAnswers() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        for session in [Fixture.ann, Fixture.bob] { _ = fixture.agentAsks(0, over: session) }
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        _ = fixture.coordinator.agentEnded(AgentID(1), now: 7)
        #expect(fixture.lines(fixture.coordinator.connectionLost(of: Fixture.ann)) == [])
    }

    /// The end of an agent may be known before all of its output has been read.
    @Test func anAgentThatHasEndedAsksNothing() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.agentEnded(AgentID(1), now: 7)
        #expect(fixture.agentAsks(0, over: Fixture.ann) == [])
        #expect(fixture.agentAsks(0, over: Fixture.ann, agent: 2) == ["show q1 to 1"])
    }

    /// The rest of a batch of agent messages when the session ends.
    @Test func aSessionThatHasEndedIsAskedNothing() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        fixture.coordinator.closed(Fixture.ann)
        #expect(fixture.agentAsks(0, over: Fixture.ann) == [])
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)) == [])
        #expect(
            fixture.ask(.command("ls")).map { $0.prefix(9) } == ["show q1 t"]
                && !fixture.coordinator.isAsking(Fixture.ann))
    }

    @Test func oneWhoStopsTheTurnAndLeavesHasStoppedIt() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        let pending = try #require(Self.annAnswers(&fixture, "cancel"))
        fixture.coordinator.closed(Fixture.ann)
        #expect(
            fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 6)).contains("interrupt t u over 2"))
    }

    /// Ann has no connection to the agent when she interrupts the turn.
    @Test func whatNobodyCouldStopIsStoppedByTheNextWhoOpensTheThread() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.answer("q1", ["decision": "cancel"], by: Fixture.ann).contains("interrupt t u over 1"))
        #expect(Self.fails(&fixture, Fixture.ann) == ["interrupt t u over 2"])
        #expect(Self.fails(&fixture, Fixture.bob) == [], "nobody else is there")
        _ = fixture.coordinator.opened(Fixture.cho)
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "x", by: Fixture.cho, change: .init(), now: 0)) == [])
        let again = fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)
        #expect(fixture.lines(again).contains("interrupt t u over 1"))
        #expect(
            fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)) == [],
            "once")
    }

    @Test func aTurnThatHasEndedNeedNotBeStopped() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(Self.fails(&fixture, Fixture.ann) == [])
        _ = fixture.coordinator.turnCompleted("u", inThread: "t", status: "completed", now: 7)
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)) == [])
    }

    private static func fails(_ fixture: inout Fixture, _ session: SessionID) -> [String] {
        let stop = ThreadCoordinator.Interrupt(threadID: "t", turnID: "u", subscribedThreadID: "t")
        return fixture.lines(fixture.coordinator.notInterrupted(stop, over: session))
    }

    /// The sub-agent's thread has no subscriber, so subscribers of its parent thread may interrupt it.
    @Test func aSubAgentIsStoppedByTheSubscribersOfItsParent() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls", subAgent: "child"))
        #expect(fixture.answer("q1", ["decision": "cancel"], by: Fixture.ann).contains("interrupt child u over 1"))
        let stop = ThreadCoordinator.Interrupt(threadID: "child", turnID: "u", subscribedThreadID: "t")
        #expect(
            fixture.lines(fixture.coordinator.notInterrupted(stop, over: Fixture.ann)) == ["interrupt child u over 2"])
        #expect(fixture.lines(fixture.coordinator.notInterrupted(stop, over: Fixture.bob)) == [])
        _ = fixture.coordinator.opened(Fixture.cho)
        let lines = fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.cho, change: .init(), now: 0))
        #expect(lines == ["interrupt child u over 3"])
    }

    @Test func theNextAgentHasNothingToStop() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(Self.fails(&fixture, Fixture.ann) == [])
        _ = fixture.coordinator.agentEnded(AgentID(1), now: 7)
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.ann, change: .init(), now: 0)) == [])
    }

    /// A copy of the request that arrives after the answer shows that the copy's session was asked as well.
    @Test(arguments: ["item/commandExecution/requestApproval", "mcpServer/elicitation/request"])
    func whoIsAskedAfterTheAnswerMayCarryIt(_ method: String) {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann, method)
        _ = fixture.answer("q1", ["decision": "accept", "action": "accept"], by: Fixture.ann)
        #expect(fixture.agentAsks(0, over: Fixture.bob, method) == [])
        #expect(
            fixture.lines(fixture.coordinator.connectionLost(of: Fixture.ann)).first?.hasPrefix("result 0 over 2")
                == true)
    }

    private static func annAnswers(_ fixture: inout Fixture, _ decision: JSONValue = "accept") -> ThreadCoordinator
        .PendingDecision?
    {
        fixture.coordinator.answered(
            "q1", .result(["decision": decision]), from: Fixture.ann, by: ClientContext(.guest), now: 5
        )
        .first?.pending
    }
}
