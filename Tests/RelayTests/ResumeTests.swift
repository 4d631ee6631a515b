import AuditRecord
import NIOCore
import Policy
@testable import Relay
import Session
import Testing

/// Sessions that outlive their sockets.
@Suite struct ResumeTests {
    static func delta(_ number: Int) -> String { #"{"method":"item/agentMessage/delta","params":{"n":\#(number)}}"# }

    static func notice(_ id: String, _ resume: String, next: Int, received: Int) -> String {
        #"{"method":"sre/session","params":{"sessionId":"\#(id)","resume":"\#(resume)","#
            + #""next":\#(next),"received":\#(received)}}"#
    }

    @Test func aClientThatComesBackGetsWhatItMissedAndNothingTwice() throws {
        let server = TestServer()
        let (first, agent) = server.connects(.new)
        let id = try #require(first.sessionID)
        #expect(first.lines == [Self.notice(id, "new", next: 0, received: 0)])
        first.says(PlainPathTests.request)
        agent.says(Self.delta(0), Self.delta(1))
        first.loses()
        agent.says(Self.delta(2))
        let second = server.opens(.resume(id: id, after: 1))
        #expect(second.lines == [Self.notice(id, "ok", next: 1, received: 1), Self.delta(1), Self.delta(2)])
        #expect(second.flushed.count == 3)
        agent.says(Self.delta(3))
        #expect(second.lines.last == Self.delta(3))
        #expect(first.lines.count == 3, "the lost socket gets nothing more")
    }

    /// What was kept for an operator may hold secrets that are masked for a viewer.
    @Test func aPersonWithAnotherRoleGetsANewSession() throws {
        let server = TestServer()
        let ann = Principal(.token(id: "7", name: "ann"), role: .operator)
        let first = server.opens(.new, as: ann)
        let id = try #require(first.sessionID)
        first.loses()
        let second = server.opens(.resume(id: id, after: 0), as: Principal(.token(id: "7", name: "ann"), role: .viewer))
        #expect(try #require(second.sessionID) != id)
        server.run()
        #expect(server.directory.count == 1, "the former session has ended")
    }

    @Test func aGapIsSaidAndOpenQuestionsArePutAgain() throws {
        let server = TestServer(limits: .init(frames: 2))
        let (first, agent) = server.connects(.new)
        agent.says(#"{"id":3,"method":"item/tool/requestUserInput","params":{"threadId":"T1"}}"#)
        server.run()
        first.loses()
        for number in 1...5 { agent.says(Self.delta(number)) }
        let id = try #require(first.sessionID)
        let second = server.opens(.resume(id: id, after: 1))
        #expect(second.lines == [Self.notice(id, "gap", next: 4, received: 0), Self.delta(4), Self.delta(5)])
        server.run()
        #expect(second.heard.last == "item/tool/requestUserInput")
    }

    @Test func anotherSocketTakesTheSessionOver() throws {
        let server = TestServer()
        let (first, agent) = server.connects(.new)
        let second = server.opens(.resume(id: try #require(first.sessionID), after: 0))
        #expect(first.closeCode == 4001)
        #expect(agent.isClosed == false)
        agent.says(Self.delta(0))
        #expect(first.lines.count == 1)
        #expect(second.lines.last == Self.delta(0))
        second.says(PlainPathTests.request)
        #expect(agent.lines == [PlainPathTests.request])
    }

    /// What the socket before still reports does not end the session, and what it still says does not arrive.
    @Test func theSocketBeforeHasNoPartInItAnyMore() throws {
        let server = TestServer()
        let (first, agent) = server.connects(.new)
        server.opens(.resume(id: try #require(first.sessionID), after: 0))
        first.says(PlainPathTests.request)
        first.receiver?.clientEnds()
        first.loses()
        #expect(server.directory.makeRoom(.init(inAll: 0, ofOne: 0), for: TestServer.ann, at: .new))
        server.passes(TestServer.keep)
        #expect(agent.lines == [])
        #expect(!agent.isClosed)
    }

    @Test func aSocketThatWasLetInEarlierDoesNotTakeItBack() throws {
        let server = TestServer()
        let (first, _) = server.connects(.new)
        let id = try #require(first.sessionID)
        let slow = server.directory.nextNumber()
        let second = server.opens(.resume(id: id, after: 0))
        let late = server.opens(.resume(id: id, after: 0), number: slow)
        #expect(late.closeCode == 4001)
        #expect(second.closeCode == nil)
    }

    @Test func nobodyElseGetsItAndNobodyLearnsThatItExists() throws {
        let server = TestServer()
        let (first, agent) = server.connects(.new)
        let id = try #require(first.sessionID)
        agent.says(Self.delta(0))
        let other = server.opens(.resume(id: id, after: 0), as: TestServer.bob)
        let otherID = try #require(other.sessionID)
        #expect(otherID != id)
        #expect(other.lines == [Self.notice(otherID, "new", next: 0, received: 0)])
        #expect(first.closeCode == nil)
    }

    @Test func theRecordNamesEachSocket() throws {
        let server = TestServer()
        let (first, _) = server.connects(.new)
        first.loses()
        server.opens(.resume(id: try #require(first.sessionID), after: 0))
        #expect(server.recorder.kinds == [.sessionOpened, .sessionResumed])
    }
}
