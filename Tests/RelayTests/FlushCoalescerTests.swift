import NIOCore
@testable import Relay
import Session
import Testing

/// Which sessions' messages are written together.
@Suite struct FlushCoalescerTests {
    /// So many clients, each with an agent.
    static func clients(_ count: Int, of server: TestServer) -> [(client: FakeClient, agent: FakeAgent)] {
        (0..<count).map { _ in server.connects() }
    }

    @Test func sessionsOfOneLoopAreFlushedTogetherAtItsEnd() {
        let server = TestServer()
        let all = Self.clients(3, of: server)
        for (_, agent) in all { agent.says(PlainPathTests.delta) }
        #expect(all.map(\.client.flushes) == [[], [], []])
        server.run()
        #expect(all.map(\.client.flushes) == [[1], [1], [1]])
        #expect(server.relayedCount == 3)
    }

    @Test func noMoreThan64Wait() {
        let server = TestServer()
        let all = Self.clients(FlushCoalescer.limit + 1, of: server)
        for (_, agent) in all.dropLast(2) { agent.says(PlainPathTests.delta) }
        #expect(all.allSatisfy { $0.client.flushes.isEmpty })
        all[FlushCoalescer.limit - 1].agent.says(PlainPathTests.delta)
        #expect(all.dropLast().allSatisfy { $0.client.flushes == [1] })
        all[FlushCoalescer.limit].agent.says(PlainPathTests.delta)
        #expect(all.last?.client.flushes == [])
        server.run()
        #expect(all.last?.client.flushes == [1])
    }

    @Test func theNextBatchIsItsOwn() {
        let server = TestServer()
        let (client, agent) = server.connects()
        for count in 1...3 {
            agent.says(PlainPathTests.delta)
            server.run()
            #expect(client.flushes.count == count)
        }
    }

    @Test func aSessionThatEndsInItsBatchIsNoTrouble() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.says(PlainPathTests.delta)
        client.loses()
        server.run()
        #expect(client.flushes == [])
    }

    @Test func eachEventLoopHasItsOwnCoalescer() {
        let server = TestServer()
        let one = server.hub.flushCoalescers.coalescer(on: server.loop)
        #expect(server.hub.flushCoalescers.coalescer(on: server.loop) === one)
        #expect(server.hub.flushCoalescers.coalescer(on: server.otherLoop) !== one)
    }
}
