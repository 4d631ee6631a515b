import JSON
@testable import Session
import Testing

/// Every request gets exactly one response, even if the agent ends.
@Suite struct PendingTests {
    static let start = #"{"id":2,"method":"thread/start","params":{"cwd":"/work/space"}}"#

    @Test func anIDThatWaitsIsNotTakenAgain() {
        var client = Client.connected()
        _ = client.says(#"{"id":1,"method":"model/list"}"#)
        #expect(Self.isRefused(client.says(#"{"id":1,"method":"account/read"}"#), id: "1"))
        #expect(client.says(#"{"id":"1","method":"account/read"}"#) == ["forward"], "another id")
        _ = client.hears(#"{"id":1,"result":{}}"#)
        #expect(client.says(#"{"id":1,"method":"account/read"}"#) == ["forward"])
    }

    /// Otherwise the second request's response would count for the first one, and the thread would open unnoticed.
    @Test func norWhileTheGateIsProvedForIt() {
        var client = Client.connected()
        _ = client.says(Self.start)
        #expect(Self.isRefused(client.says(#"{"id":2,"method":"model/list"}"#), id: "2"))
        #expect(Self.isRefused(client.says(Self.start), id: "2"))
        _ = client.says(#"{"id":3,"method":"thread/resume","params":{"threadId":"T1"}}"#)
        #expect(Self.isRefused(client.says(#"{"id":3,"method":"model/list"}"#), id: "3"))
    }

    @Test func whenTheAgentIsLostEverythingThatWaitsIsAnsweredOnce() {
        var client = Client.connected(modes: .ofOpenThread)
        _ = client.says(#"{"id":1,"method":"model/list"}"#)
        _ = client.says(Self.start)
        _ = client.says(#"{"id":"r","method":"thread/resume","params":{"threadId":"T1"}}"#)
        _ = client.says(#"{"id":4,"method":"thread/start","params":{"cwd":"/work/space"}}"#)
        _ = client.hears(Client.gated("own-3"))
        _ = client.says(#"{"id":5,"method":"turn/start","params":{"threadId":"T1","approvalPolicy":"onRequest"}}"#)
        _ = client.says(#"{"id":6,"method":"turn/interrupt","params":{"threadId":"T1","turnId":"u"}}"#)
        _ = client.says(#"{"id":7,"method":"account/read"}"#)
        _ = client.hears(#"{"id":7,"result":{}}"#)
        let ids = ["1", "2", "4", "5", "6", #""r""#]
        let reason = "agent restarted: the request was under way when it ended. The agent ended."
        #expect(
            client.lose()
                == ids.map { #"client {"id":\#($0),"error":{"code":-32000,"message":"\#(reason)"}}"# }.sorted())
        #expect(client.lose() == [])
    }

    @Test func anIDThatIsUsedTwiceIsAnsweredOncePerRequestAndNeverMore() {
        var client = Client.connected()
        let refused = [Self.start, #"{"id":2,"method":"model/list"}"#, Self.start].map { client.says($0) }
            .count { Self.isRefused($0, id: "2") }
        #expect(refused + client.lose().count == 3)
    }

    @Test func withoutAnAgentRequestsAreAnsweredAtOnceAndNotificationsDropped() {
        var client = Client()
        for message in [
            Self.start, #"{"id":2,"method":"model/list"}"#,
            #"{"id":2,"method":"turn/start","params":{"threadId":"t"}}"#,
        ] {
            let lines = client.says(message)
            #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":2,"error":{"code":-32000,"#))
        }
        #expect(client.says(#"{"method":"initialized"}"#) == [])
        #expect(client.lose() == [])
    }

    @Test func theIDsOfOwnCallsAreNotTheClientsToUse() {
        var client = Client.connected()
        _ = client.says(Self.start)
        #expect(client.hears(#"{"id":"own-9","result":{}}"#) == [], "nothing that only looks like one is forwarded")
    }

    private static func isRefused(_ lines: [String], id: String) -> Bool {
        lines.count == 1 && lines[0].hasPrefix(#"client {"id":\#(id),"error":{"code":-32600,"#)
    }
}
