import NIOCore
@testable import Relay
import Testing

/// Until the first agent is there.
@Suite struct ConnectTests {
    static func request(_ id: Int) -> String { #"{"id":\#(id),"method":"thread/list"}"# }

    @Test func aFastClientsMessagesWaitInTheirOrder() {
        let server = TestServer()
        let client = server.opens()
        for id in 1...3 { client.says(Self.request(id)) }
        server.passes(.seconds(19))
        #expect(client.lines == [])
        let agent = server.connector.starts()
        server.run()
        #expect(agent.lines == (1...3).map(Self.request))
        #expect(agent.flushed == 3)
        #expect(client.lines == [], "an agent that was waited for is no news")
        server.passes(.minutes(1))
        #expect(client.lines == [], "nobody waits for it any more")
    }

    @Test func theyAreAnsweredWithAnErrorAfterTwentySeconds() {
        let server = TestServer()
        let client = server.opens()
        client.says(Self.request(1))
        server.passes(.seconds(20))
        #expect(client.heard == ["sre/agentStatus restarting", "error 1"])
        #expect(client.flushed.count == 2)
        client.says(Self.request(2))
        #expect(client.heard.last == "error 2")
    }

    @Test func anAgentThatComesLateIsReadyWhenItHasAnswered() throws {
        let server = TestServer()
        let client = server.opens()
        server.passes(.seconds(20))
        let agent = server.connector.starts()
        server.run()
        #expect(client.takeHeard() == ["sre/agentStatus restarting"])
        #expect(agent.lines == [#"{"id":"own-1-1","method":"hooks/list","params":{"cwds":[]}}"#])
        agent.says(#"{"id":"own-1-1","result":{}}"#)
        #expect(client.heard == ["sre/agentStatus ready"])
    }

    @Test func noMoreThanAThousandMessagesWait() {
        let server = TestServer()
        let client = server.opens()
        for id in 1...1_000 { client.says(Self.request(id)) }
        #expect(client.lines == [])
        client.says(Self.request(1_001))
        #expect(client.lines.count == 1_002)
        #expect(client.heard.suffix(2) == ["error 1000", "error 1001"])
    }

    @Test func anAgentThatIsKnownToBeGoneIsNotWaitedFor() {
        let server = TestServer()
        server.connector.outage = "The agent did not start."
        let client = server.opens()
        client.says(Self.request(1))
        #expect(client.heard == ["sre/agentStatus restarting", "error 1"])
        #expect(server.connector.waitingCount == 1, "it is asked for all the same")
    }

    @Test func itIsAskedForAgainAfterEachFailure() {
        let server = TestServer()
        let client = server.opens()
        server.connector.fails("The agent did not start.")
        #expect(client.heard == ["sre/agentStatus restarting"])
        #expect(server.connector.waitingCount == 0)
        server.passes(.milliseconds(200))
        server.connector.fails("The agent did not start.")
        server.passes(.milliseconds(200))
        #expect(client.lines.count == 1, "the same reason is no news")
        server.connector.fails("There is no memory.")
        #expect(client.heard == ["sre/agentStatus restarting", "sre/agentStatus restarting"])
    }

    @Test func afterAFinalFailureItIsNot() {
        let server = TestServer()
        server.opens()
        server.connector.fails("The server stops.", isFinal: true)
        server.passes(.minutes(10))
        #expect(server.connector.waitingCount == 0)
    }

    @Test func anAgentForASessionThatHasEndedIsClosed() {
        let server = TestServer()
        server.opens().loses()
        let agent = server.connector.starts(isShared: false)
        #expect(agent.isClosed)
    }
}
