import NIOCore
@testable import Relay
import Session
import Testing

/// The server stops.
@Suite struct DrainTests {
    static let turnCompleted =
        #"{"method":"turn/completed","params":{"threadId":"T1","turn":{"id":"U1","status":"completed"}}}"#

    @Test func anIdleSessionsSocketIsClosedAtOnce() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.receiver?.serverStops()
        #expect(client.closeCode == 1001)
        #expect(agent.isClosed)
    }

    @Test func oneWithARunningTurnIsClosedWhenTheTurnIsOver() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.says(AgentLossTests.turnStarted)
        client.receiver?.serverStops()
        server.passes(.seconds(30))
        #expect(client.closeCode == nil)
        agent.says(Self.turnCompleted)
        #expect(client.heard.last == "turn/completed")
        #expect(client.closeCode == 1001)
    }

    @Test func orWhenTheTimeForThatIsOver() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.says(AgentLossTests.turnStarted)
        client.receiver?.serverStops()
        server.passes(.seconds(60))
        #expect(client.closeCode == 1001)
    }

    @Test func nothingNewIsBegun() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.says(AgentLossTests.turnStarted)
        client.receiver?.serverStops()
        _ = client.takeLines()
        client.says(#"{"id":9,"method":"turn/start","params":{"threadId":"T1","input":[]}}"#)
        #expect(client.heard == ["error 9"])
        #expect(agent.lines == [])
    }

    /// A session without a socket is waited for too: its turn runs on.
    @Test func sessionsWithoutASocketAreWaitedFor() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        let relay = server.lastRelay
        client.loses()
        let drained = Outcome(relay.drained())
        #expect(!drained.isThere)
        server.passes(.seconds(30))
        #expect(!drained.isThere)
        agent.says(Self.turnCompleted)
        #expect(drained.isThere)
        #expect(Outcome(relay.drained()).isThere, "nothing runs any more")
    }

    @Test func butNotForLongerThanTheTimeForThat() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        let relay = server.lastRelay
        client.loses()
        let drained = Outcome(relay.drained())
        server.passes(.seconds(60))
        #expect(drained.isThere)
    }

    @Test func norForOneThatEnds() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        let drained = Outcome(server.lastRelay.drained())
        client.receiver?.clientEnds()
        #expect(drained.isThere)
    }

    @Test func norForTurnsOfAnAgentThatHasEnded() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        let drained = Outcome(server.lastRelay.drained())
        agent.ends()
        server.passes(.seconds(60))
        #expect(drained.isThere)
        #expect(client.closeCode == 1001)
    }

    /// Sockets and the agent share one time: it does not begin anew for the second.
    @Test func theTimeBeginsWhenItIsFirstAskedFor() async throws {
        let deadline = DrainDeadline(patience: .seconds(60))
        let first = deadline.remaining
        #expect(first <= .seconds(60))
        try await Task.sleep(for: .milliseconds(2))
        #expect(deadline.remaining <= first - .milliseconds(2))
        #expect(DrainDeadline(patience: .zero).remaining == .zero)
        #expect(DrainDeadline(patience: .seconds(-1)).remaining == .zero)
    }
}
