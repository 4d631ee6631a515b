import NIOCore
@testable import Relay
import Session
import Testing

/// A socket that does not take what is written.
@Suite struct SlowReaderTests {
    static func deltas(_ numbers: ClosedRange<Int>) -> [String] { numbers.map(ResumeTests.delta) }

    @Test func anAgentOfTheSessionsOwnWaitsAndNothingIsLost() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: false, room: 2)
        for delta in Self.deltas(1...2) { agent.says(delta) }
        #expect(!agent.isReading)
        for delta in Self.deltas(3...7) { agent.says(delta) }
        #expect(client.lines == Self.deltas(1...2))
        client.reads()
        #expect(client.lines == Self.deltas(1...4))
        #expect(!agent.isReading, "more waits than the socket takes")
        client.reads()
        client.reads()
        #expect(client.lines == Self.deltas(1...7))
        #expect(client.flushed == client.lines)
        #expect(agent.isReading)
    }

    @Test func anAgentThatOthersShareDoesNotWait() {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: true, room: 1)
        for delta in Self.deltas(1...3) { agent.says(delta) }
        #expect(agent.isReading)
        #expect(client.lines == Self.deltas(1...1))
        client.reads()
        client.reads()
        #expect(client.lines == Self.deltas(1...3))
    }

    /// Nothing overtakes what waits.
    @Test func whatComesWhileSomethingWaitsWaitsBehindIt() {
        let server = TestServer()
        let (client, agent) = server.connects(room: 2)
        for delta in Self.deltas(1...4) { agent.says(delta) }
        client.reads()
        agent.says(ResumeTests.delta(5))
        client.reads()
        #expect(client.lines == Self.deltas(1...5))
    }

    @Test func oneThatIsTooSlowIsClosed() {
        let server = TestServer(limits: .init(frames: 3))
        let (client, agent) = server.connects(room: 1)
        for delta in Self.deltas(1...4) { agent.says(delta) }
        #expect(client.closeCode == nil)
        agent.says(ResumeTests.delta(5))
        #expect(client.closeCode == 4008)
        #expect(agent.isClosed, "the session ends with its socket")
    }

    @Test func oneWhoseSessionIsKeptMayComeBack() throws {
        let server = TestServer(limits: .init(frames: 3))
        let (client, agent) = server.connects(.new, room: 3)
        for delta in Self.deltas(1...6) { agent.says(delta) }
        #expect(client.closeCode == 4008)
        #expect(!agent.isClosed)
        let next = server.opens(.resume(id: try #require(client.sessionID), after: 3))
        #expect(next.lines.dropFirst() == Self.deltas(4...6)[...])
    }

    @Test func anAgentIsReadWhileNobodyLooks() {
        let server = TestServer()
        let (client, agent) = server.connects(.new, isShared: false, room: 2)
        for delta in Self.deltas(1...3) { agent.says(delta) }
        #expect(!agent.isReading)
        client.loses()
        #expect(agent.isReading)
    }

    @Test func aSocketThatTakesOverFromASlowOneIsNotSlow() throws {
        let server = TestServer()
        let (client, agent) = server.connects(.new, isShared: false, room: 2)
        for delta in Self.deltas(1...3) { agent.says(delta) }
        #expect(!agent.isReading)
        let next = server.opens(.resume(id: try #require(client.sessionID), after: 0))
        #expect(agent.isReading)
        #expect(next.lines.dropFirst() == Self.deltas(1...3)[...])
    }
}
