import AuditRecord
import NIOCore
import Policy
@testable import Relay
import Session
import Testing

/// Messages that only pass through, in both directions.
@Suite struct PlainPathTests {
    static let request = #"{"method":"thread/list","id":7,"params":{"later":1.50}}"#
    static let delta = #"{"method":"item/agentMessage/delta","params":{"delta":"a\u0061"}}"#

    @Test func aRequestAndItsAnswerPassByteForByte() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.says(Self.request)
        #expect(agent.lines == [Self.request])
        let answer = #"{ "id" : 7 , "result":{"data":[]} }"#
        agent.says(answer)
        #expect(client.lines == [answer])
    }

    @Test func messagesOfOneReadAreFlushedTogetherWhenTheEventLoopHasReadEverything() {
        let server = TestServer()
        let (client, agent) = server.connects()
        agent.says(Self.delta, Self.delta)
        agent.says(Self.delta)
        #expect(client.lines.count == 3)
        #expect(client.flushes == [])
        server.run()
        #expect(client.flushes == [3])
    }

    @Test func aClientsMessagesAreFlushedWhenItPauses() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.says(Self.request)
        server.run()
        #expect(agent.flushed == 0)
        client.receiver?.clientPaused()
        #expect(agent.flushed == 0)
        server.run()
        #expect(agent.flushed == 1)
    }

    /// The time that the metric gives is that of the agent's messages alone.
    @Test func onlyTheAgentsMessagesCountAsRelayed() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.says(Self.request)
        client.receiver?.clientPaused()
        server.run()
        #expect(server.relayedCount == 0)
        agent.says(Self.delta)
        server.run()
        #expect(server.relayedCount == 1)
    }

    @Test func sessionsDoNotHearEachOthersAnswers() {
        let server = TestServer()
        let (ann, annsAgent) = server.connects()
        let (bob, bobsAgent) = server.connects(as: TestServer.bob)
        ann.says(Self.request)
        bob.says(Self.request)
        annsAgent.says(#"{"id":7,"result":"ann"}"#)
        bobsAgent.says(#"{"id":7,"result":"bob"}"#)
        #expect(ann.lines == [#"{"id":7,"result":"ann"}"#])
        #expect(bob.lines == [#"{"id":7,"result":"bob"}"#])
    }

    @Test func aViewerSeesNoSecrets() {
        let server = TestServer()
        let message = #"{"method":"item/agentMessage/delta","params":{"delta":"it is hunter2-hunter2"}}"#
        let (viewer, agent) = server.connects(as: Principal(.token(id: "3", name: "eve"), role: .viewer))
        agent.says(message)
        #expect(viewer.lines.count == 1)
        #expect(viewer.lines.first?.contains("hunter2") == false)
        let (admin, adminsAgent) = server.connects()
        adminsAgent.says(message)
        #expect(admin.lines == [message])
    }

    @Test func aPlainSessionEndsWithItsSocket() {
        let server = TestServer()
        let (client, agent) = server.connects()
        client.loses()
        #expect(agent.isClosed)
        #expect(server.hub.sessionCount == 0)
        #expect(server.recorder.kinds == [.sessionOpened, .sessionClosed])
        agent.says(Self.delta)
        #expect(client.lines == [])
    }
}
