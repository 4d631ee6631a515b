import NIOCore
@testable import Relay
import Session
import Testing

/// A socket on another event loop than its session.
@Suite struct CrossLoopTests {
    /// A session on `server.loop` whose socket is now on `server.otherLoop`.
    static func resumed() throws -> (TestServer, FakeClient, FakeAgent) {
        let server = TestServer()
        let (first, agent) = server.connects(.new)
        let id = try #require(first.sessionID)
        let client = server.opens(.resume(id: id, after: 0), on: server.otherLoop)
        return (server, client, agent)
    }

    /// As above, with nothing on its way.
    static func attached() throws -> (TestServer, FakeClient, FakeAgent) {
        let (server, client, agent) = try resumed()
        server.settle()
        _ = client.takeLines()
        return (server, client, agent)
    }

    @Test func itIsAttachedOnTheSessionsLoopAndHearsOnItsOwn() throws {
        let (server, client, _) = try Self.resumed()
        #expect(client.lines == [])
        server.run()
        #expect(client.lines == [])
        server.runOther()
        #expect(client.heard == ["sre/session"])
        #expect(client.flushes == [1])
    }

    @Test func messagesGoOverInBatchesAndInOrder() throws {
        let (server, client, agent) = try Self.attached()
        for number in 1...3 { agent.says(ResumeTests.delta(number)) }
        server.run()
        #expect(client.lines == [])
        server.runOther()
        #expect(client.lines == (1...3).map(ResumeTests.delta))
        #expect(client.flushes == [3])
        for id in 1...3 { client.says(ConnectTests.request(id)) }
        server.settle()
        #expect(agent.lines == [], "the batch is not at its end")
        client.receiver?.clientPaused()
        #expect(agent.lines == [])
        server.run()
        #expect(agent.lines == (1...3).map(ConnectTests.request))
        #expect(agent.flushed == 3)
    }

    @Test func whatIsSentBeforeTheSessionIsReachedIsNotLost() throws {
        let (server, client, agent) = try Self.resumed()
        client.says(ConnectTests.request(1))
        client.receiver?.clientPaused()
        client.says(ConnectTests.request(2))
        client.loses()
        server.settle()
        #expect(agent.lines == (1...2).map(ConnectTests.request))
        #expect(server.lastRelay.client.attachment == nil)
    }

    @Test func theEndsOfASocketReachItsSession() throws {
        let (server, client, agent) = try Self.attached()
        client.receiver?.clientEnds()
        server.settle()
        #expect(agent.isClosed)
        let (other, stopped, _) = try Self.attached()
        stopped.receiver?.serverStops()
        other.settle()
        #expect(stopped.closeCode == 1001)
    }

    @Test func whatWasSentBeforeAClosingArrivesBeforeIt() throws {
        let (server, client, agent) = try Self.attached()
        agent.says(ResumeTests.delta(1))
        server.hub.signOut("signed out") { _ in true }
        server.settle()
        #expect(client.lines == [ResumeTests.delta(1)])
        #expect(client.closeCode == 4003)
    }

    @Test func aSocketThatIsFullHoldsTheSessionBack() throws {
        let server = TestServer()
        let (first, agent) = server.connects(.new, isShared: false)
        let client = server.opens(
            .resume(id: try #require(first.sessionID), after: 0), room: 3, on: server.otherLoop)
        server.settle()
        for number in 1...2 { agent.says(ResumeTests.delta(number)) }
        server.settle()
        #expect(!agent.isReading)
        agent.says(ResumeTests.delta(3))
        server.settle()
        #expect(client.lines.count == 3)
        client.reads()
        server.settle()
        #expect(agent.isReading)
        #expect(client.lines.dropFirst() == (1...3).map(ResumeTests.delta)[...])
    }
}

/// What is on its way between two event loops counts against the socket.
@Suite struct CrossLoopLinkTests {
    @Test func noMoreThanTheLimitIsOnItsWay() {
        let server = TestServer()
        let client = FakeClient()
        let link = CrossLoopLink(
            to: NIOLoopBound(client, eventLoop: server.otherLoop), from: server.loop)
        var changes: [Bool] = []
        link.onWritabilityChange = { changes.append(link.isWritable) }
        let half = ByteBuffer(repeating: 0x20, count: CrossLoopLink.limit / 2)
        link.send(half)
        #expect(link.isWritable)
        link.send(half)
        #expect(!link.isWritable)
        link.flush()
        #expect(!link.isWritable, "it is on its way")
        server.runOther()
        #expect(client.lines.count == 2)
        #expect(!link.isWritable, "nobody knows yet that it has arrived")
        server.run()
        #expect(link.isWritable)
        #expect(changes == [false, true])
        link.onWritabilityChange = nil
    }

    @Test func aFullSocketIsNotWritableEvenWithNothingOnItsWay() {
        let server = TestServer()
        let link = CrossLoopLink(to: NIOLoopBound(FakeClient(), eventLoop: server.otherLoop), from: server.loop)
        var changes = 0
        link.onWritabilityChange = { changes += 1 }
        link.socketWritabilityChanged(false)
        link.socketWritabilityChanged(false)
        #expect(!link.isWritable)
        link.socketWritabilityChanged(true)
        #expect(link.isWritable)
        #expect(changes == 2)
    }
}
