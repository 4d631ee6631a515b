import NIOCore
@testable import Relay
import Session
import Testing

/// How long a session is kept without a socket.
@Suite struct KeepTests {
    @Test func anIdleOneEndsAfterItsTime() throws {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        client.loses()
        server.passes(TestServer.keep - .nanoseconds(1))
        #expect(!agent.isClosed)
        server.passes(.nanoseconds(1))
        #expect(agent.isClosed)
        #expect(server.directory.count == 0)
        let id = try #require(client.sessionID)
        let next = server.opens(.resume(id: id, after: 0))
        #expect(next.sessionID != id)
    }

    @Test func oneThatIsTakenUpAgainDoesNotEnd() throws {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        client.loses()
        server.passes(.minutes(4))
        server.opens(.resume(id: try #require(client.sessionID), after: 0))
        server.passes(.hours(1))
        #expect(!agent.isClosed)
    }

    @Test func oneWithARunningTurnIsLookedAtAgainEveryMinute() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        client.loses()
        server.passes(TestServer.keep + .minutes(3))
        #expect(!agent.isClosed)
        agent.says(DrainTests.turnCompleted)
        server.passes(.seconds(59))
        #expect(!agent.isClosed)
        server.passes(.seconds(1))
        #expect(agent.isClosed)
    }

    /// With no time to keep it, looking again at once would never end.
    @Test func evenWithNoTimeToKeepItABusyOneIsNotLookedAtAllTheTime() {
        let server = TestServer(keep: .zero)
        let (client, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        client.loses()
        server.run()
        #expect(!agent.isClosed)
        agent.says(DrainTests.turnCompleted)
        server.passes(.seconds(1))
        #expect(agent.isClosed)
    }

    @Test func oneWithAnOpenQuestionIsKept() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        agent.says(#"{"id":3,"method":"item/tool/requestUserInput","params":{"threadId":"T1"}}"#)
        server.run()
        client.loses()
        server.passes(.hours(1))
        #expect(!agent.isClosed)
    }

    @Test func aClientThatSaysItWillNotComeBackEndsIt() {
        let server = TestServer()
        let (client, agent) = server.connects(.new)
        client.receiver?.clientEnds()
        #expect(agent.isClosed)
        #expect(server.directory.count == 0)
    }

    @Test func theLongestWaitingOfOnesOwnGivesWayAndABusyOneLast() {
        let server = TestServer()
        let (busy, busysAgent) = server.connects(.new)
        busysAgent.says(AgentLossTests.turnStarted)
        let (idle, idlesAgent) = server.connects(.new)
        let (others, othersAgent) = server.connects(.new, as: TestServer.bob)
        for client in [busy, others, idle] { client.loses() }
        #expect(server.directory.makeRoom(.init(inAll: 10, ofOne: 1), for: TestServer.ann, at: .new))
        server.run()
        #expect([busysAgent, idlesAgent, othersAgent].map(\.isClosed) == [false, true, false])
        #expect(!server.directory.makeRoom(.init(inAll: 0, ofOne: 0), for: TestServer.ann, at: .new))
        server.run()
        #expect([busysAgent, othersAgent].map(\.isClosed) == [true, false])
    }
}
