import NIOCore
@testable import Relay
import Session
import Testing

/// The agent, or the connection to it, is gone, and another one comes.
@Suite struct AgentLossTests {
    static let turnStarted = #"{"method":"turn/started","params":{"threadId":"T1","turn":{"id":"U1"}}}"#

    @Test func whatWaitsForItIsAnsweredAndItsTurnsAreOver() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.says(PlainPathTests.request)
        agent.says(Self.turnStarted)
        _ = client.takeLines()
        agent.ends()
        #expect(client.lines == [], "first what the hub has to say of it")
        server.run()
        #expect(client.heard == ["sre/agentStatus restarting", "error 7", "turn/completed"])
        #expect(client.flushed.count == 3)
    }

    @Test func turnsGoOnWhenOnlyTheConnectionIsLost() {
        let server = TestServer()
        let (client, agent) = server.connects()
        server.opensThread("T1", client, agent)
        agent.says(Self.turnStarted)
        _ = client.takeLines()
        server.connector.hasEnded = false
        agent.ends()
        server.run()
        #expect(client.heard == ["sre/agentStatus restarting"])
        #expect(server.connector.waitingCount == 1)
    }

    @Test func theNextAgentIsToldWhatTheLastKnewAndThenItIsReady() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.says(#"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"c"}}}"#)
        agent.says(#"{"id":1,"result":{}}"#)
        agent.ends()
        server.run()
        _ = client.takeLines()
        let next = server.connector.starts(2)
        server.run()
        #expect(next.lines.first?.contains(#""method":"initialize","params":{"clientInfo":{"name":"c"}}"#) == true)
        #expect(next.lines.last == #"{"method":"initialized"}"#)
        #expect(next.flushed == 2)
        #expect(client.lines == [])
        next.says(#"{"id":"own-1-1","result":{}}"#)
        #expect(client.heard == ["sre/agentStatus ready"])
        next.says(DrainTests.turnCompleted)
        #expect(client.heard == ["sre/agentStatus ready", "turn/completed"], "it is said once")
    }

    /// The first two ends are followed by an agent at once, the third after 0.25 s, the fourth after 0.5 s.
    @Test func anAgentThatEndsAtItsStartIsNotStartedOverAndOver() {
        let server = TestServer()
        var (_, agent) = server.connects()
        for delay in [0, 250, 500, 1_000] {
            agent.ends()
            server.run()
            if delay > 0 {
                #expect(server.connector.waitingCount == 0)
                server.passes(.milliseconds(Int64(delay) - 1))
                #expect(server.connector.waitingCount == 0, "before \(delay) ms")
                server.passes(.milliseconds(1))
            }
            #expect(server.connector.waitingCount == 1, "after \(delay) ms")
            agent = server.connector.starts()
            server.run()
        }
    }

    @Test func aSessionThatHasEndedAsksForNoOther() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.ends()
        client.loses()
        server.passes(.minutes(1))
        #expect(server.connector.waitingCount == 0)
    }

    @Test(arguments: [true, false])
    func oneWithoutItsConfigurationIsLeft(_ isShared: Bool) {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: isShared)
        agent.says(
            #"{"method":"configWarning","params":{"summary":"Invalid configuration; using defaults.","details":"x"}}"#)
        #expect(server.connector.misconfigured.count == 1)
        #expect(isShared ? agent.isClosed : agent.isAbandoned)
        agent.says(PlainPathTests.delta)
        server.run()
        #expect(client.heard == ["sre/agentStatus restarting"])
        let next = server.connector.starts(2, isShared: isShared)
        server.run()
        next.says(#"{"id":"own-1-1","result":{}}"#)
        #expect(client.heard == ["sre/agentStatus restarting", "sre/agentStatus ready"])
    }
}

/// An agent of the session's own that says nothing.
@Suite struct HangingAgentTests {
    @Test func itIsAskedForASignAndThenGivenUp() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: false)
        client.says(PlainPathTests.request)
        server.passes(.seconds(2))
        #expect(agent.lines.count == 2, "the client's request, and the question for a sign")
        server.passes(.seconds(9))
        #expect(!agent.isAbandoned)
        server.passes(.seconds(1))
        #expect(agent.isAbandoned)
    }

    /// Otherwise its time would run twice as fast.
    @Test func theTicksOfTheAgentBeforeDoNotCountForTheNext() {
        let server = TestServer()
        let (client, first) = server.connects(isShared: false)
        server.passes(.seconds(1))
        first.ends()
        server.run()
        let next = server.connector.starts(2, isShared: false)
        server.run()
        next.says(#"{"id":"own-1-1","result":{}}"#)
        client.says(PlainPathTests.request)
        // The first tick finds a sign, the second asks for one, the seventh gives up.
        server.passes(.seconds(13))
        #expect(!next.isAbandoned)
        server.passes(.seconds(1))
        #expect(next.isAbandoned)
    }

    @Test func anyMessageIsASign() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: false)
        client.says(PlainPathTests.request)
        for _ in 0..<20 {
            server.passes(.seconds(5))
            agent.says(PlainPathTests.delta)
        }
        #expect(!agent.isAbandoned)
    }

    @Test func nothingIsAskedOfOneThatNobodyWaitsFor() {
        let server = TestServer()
        let (_, agent) = server.connects(isShared: false)
        server.passes(.minutes(10))
        #expect(agent.lines == [])
    }

    /// Its supervisor does that.
    @Test func aSharedOneIsNotWatched() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: true)
        client.says(PlainPathTests.request)
        server.passes(.minutes(10))
        #expect(agent.lines.count == 1)
        #expect(!agent.isAbandoned)
    }

    @Test func nothingIsAskedWhileItsClientDoesNotRead() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: false, room: 1)
        client.says(PlainPathTests.request)
        agent.says(PlainPathTests.delta)
        server.passes(.minutes(10))
        #expect(!agent.isAbandoned)
    }
}
