@testable import Relay
import Session
import Testing

/// A sign-in ends while its sockets are open.
@Suite struct SignOutTests {
    @Test func onlyThatPersonsSocketsAreClosed() {
        let server = TestServer()
        let (ann, _) = server.connects()
        let (bob, _) = server.connects(as: TestServer.bob)
        server.hub.signOut("signed out") { $0.principal == TestServer.ann }
        #expect(ann.closeCode == nil, "on the session's event loop")
        server.run()
        #expect(ann.closeCode == 4003)
        #expect(ann.closeReason == "signed out")
        #expect(bob.closeCode == nil)
    }

    @Test func aSessionThatIsKeptGoesOnForThoseWhoMay() throws {
        let server = TestServer()
        let (ann, agent) = server.connects(.new)
        agent.says(AgentLossTests.turnStarted)
        server.hub.signOut("signed out") { _ in true }
        server.run()
        #expect(ann.closeCode == 4003)
        #expect(!agent.isClosed)
        agent.says(DrainTests.turnCompleted)
        let back = server.opens(.resume(id: try #require(ann.sessionID), after: 0))
        #expect(back.heard == ["sre/session", "turn/started", "turn/completed"])
    }

    @Test func oneWithoutASocketStaysAsItIs() {
        let server = TestServer()
        let (ann, agent) = server.connects(.new)
        ann.loses()
        server.hub.signOut("signed out") { _ in true }
        server.run()
        #expect(!agent.isClosed)
    }
}
