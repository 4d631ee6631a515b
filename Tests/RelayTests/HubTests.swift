import AuditRecord
import JSON
import Policy
@testable import Relay
import Session
import Testing

/// What sessions share: questions, answers and their order.
@Suite struct HubTests {
    static func call(_ item: String = "I1") throws -> HookInput {
        try #require(
            HookInput([
                "session_id": "T1", "turn_id": "U1", "cwd": "/work/space", "tool_name": "Bash",
                "tool_input": ["command": "rm x"], "tool_use_id": .string(item),
            ]))
    }

    static func accept(_ id: JSONValue) -> String { #"{"id":\#(id),"result":{"decision":"accept"}}"# }

    /// Two people look at the same thread.
    static func twoSubscribers() -> (TestServer, ann: FakeClient, bob: FakeClient) {
        let server = TestServer()
        let (ann, annsAgent) = server.connects()
        let (bob, bobsAgent) = server.connects(as: TestServer.bob)
        server.opensThread("T1", ann, annsAgent)
        server.opensThread("T1", bob, bobsAgent)
        _ = (ann.takeLines(), bob.takeLines())
        return (server, ann, bob)
    }

    @Test func everySubscriberIsAskedAndHearsOfTheAnswerAfterTheQuestion() throws {
        let (server, ann, bob) = Self.twoSubscribers()
        let starts = server.starts
        _ = server.hub.hookAsked(try Self.call()) { _ in starts.add("verdict") }
        // Nobody has run the event loop: the answer is decided before the question was sent.
        let id = JSONValue.string(try #require(server.hub.waiting.first).id)
        ann.says(Self.accept(id))
        server.recorder.commits()
        server.run()
        for client in [ann, bob] {
            #expect(client.heard == ["item/commandExecution/requestApproval", "serverRequest/resolved"])
            #expect(client.flushed.count == 2)
        }
        #expect(starts.lines.filter { ["allow", "verdict"].contains($0) } == ["allow", "verdict"])
    }

    @Test func nothingIsDecidedBeforeTheRecordHasIt() throws {
        let (server, ann, _) = Self.twoSubscribers()
        let starts = server.starts
        _ = server.hub.hookAsked(try Self.call()) { _ in starts.add("verdict") }
        server.run()
        ann.says(Self.accept(.string(try #require(server.hub.waiting.first).id)))
        server.run()
        #expect(starts.lines.isEmpty)
        server.recorder.commits(AuditFailure("the disk is full"))
        server.run()
        #expect(starts.lines.isEmpty)
        #expect(ann.heard.last == "sre/answerRejected")
        #expect(server.hub.waiting.count == 1, "it waits again")
    }

    @Test func theFirstAnswerCountsAndTheSecondIsRefused() throws {
        let (server, ann, bob) = Self.twoSubscribers()
        let starts = server.starts
        _ = server.hub.hookAsked(try Self.call()) { _ in starts.add("verdict") }
        server.run()
        let id = JSONValue.string(try #require(server.hub.waiting.first).id)
        ann.says(Self.accept(id))
        bob.says(Self.accept(id))
        server.recorder.commits()
        server.run()
        #expect(ann.heard.last == "serverRequest/resolved")
        #expect(bob.heard.contains("sre/answerRejected"))
        #expect(starts.lines.count { $0 == "verdict" } == 1)
    }

    @Test func aHookThatIsGoneHearsNothing() throws {
        let (server, ann, bob) = Self.twoSubscribers()
        let starts = server.starts
        let ticket = server.hub.hookAsked(try Self.call()) { _ in starts.add("verdict") }
        server.hub.hookGone(ticket)
        server.run()
        #expect(!starts.lines.contains("verdict"))
        #expect(server.hub.waiting.isEmpty)
        for client in [ann, bob] {
            #expect(client.heard == ["item/commandExecution/requestApproval", "serverRequest/resolved"])
        }
    }

    @Test func aQuestionExpires() throws {
        let server = TestServer(approvalTimeout: .zero)
        let (ann, agent) = server.connects()
        server.opensThread("T1", ann, agent)
        let starts = server.starts
        _ = server.hub.hookAsked(try Self.call()) { _ in starts.add("verdict") }
        server.run()
        server.recorder.commits()
        server.run()
        #expect(starts.lines.contains("verdict"))
        #expect(server.hub.waiting.isEmpty)
    }

    @Test func aSessionThatHasEndedIsNotAsked() throws {
        let (server, ann, bob) = Self.twoSubscribers()
        bob.loses()
        _ = server.hub.hookAsked(try Self.call()) { _ in }
        server.run()
        #expect(ann.lines.count == 1)
        #expect(bob.lines.isEmpty)
    }

    /// The agent asks every subscriber of a thread with the same id. That is one question.
    @Test func theAgentsQuestionIsAnsweredOnce() throws {
        let server = TestServer()
        let (ann, annsAgent) = server.connects()
        let (bob, bobsAgent) = server.connects(as: TestServer.bob)
        let question = #"{"id":3,"method":"item/tool/requestUserInput","params":{"threadId":"T1"}}"#
        for agent in [annsAgent, bobsAgent] { agent.says(question) }
        server.run()
        let id = JSONValue.string(try #require(server.hub.waiting.first).id)
        bob.says(#"{"id":\#(id),"result":{"answers":{}}}"#)
        server.recorder.commits()
        server.run()
        #expect(annsAgent.lines == [])
        #expect(bobsAgent.lines == [#"{"id":3,"result":{"answers":{}}}"#])
        #expect(ann.heard.last { $0 != "sre/waiting" } == "serverRequest/resolved")
    }

    /// Requests are counted anew in each agent: in another one the id belongs to another request.
    @Test func anAnswerIsNotGivenToAnotherAgentThanTheOneThatAsked() throws {
        let server = TestServer()
        let (client, agent) = server.connects(isShared: false)
        agent.says(#"{"id":3,"method":"item/tool/requestUserInput","params":{"threadId":"T1"}}"#)
        server.run()
        client.says(#"{"id":"\#(try #require(server.hub.waiting.first).id)","result":{"answers":{}}}"#)
        server.connector.hasEnded = false
        agent.ends()
        server.run()
        let next = server.connector.starts(2, isShared: false)
        server.run()
        _ = next.takeLines()
        server.recorder.commits()
        server.run()
        #expect(next.lines == [])
    }

    @Test func policyReachesOpenSessions() {
        let server = TestServer()
        server.connects()
        var policy = server.hub.policy
        policy.floors = .init(workspace: "/elsewhere")
        server.hub.policy = policy
        server.run()
        #expect(server.lastRelay.session.policy.floors == policy.floors)
    }
}
