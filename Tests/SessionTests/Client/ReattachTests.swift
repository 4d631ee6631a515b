import JSON
@testable import Session
import Testing

/// A new agent replaces one that ended, and the client need not initialize again.
@Suite struct ReattachTests {
    static let initialize = #"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"x"},"later":[1.0]}}"#

    @Test func whatTheClientSaidIsSaidAgainAndItsThreadsAreOpenedAgain() throws {
        var client = Self.subscribed("T1", "T2")
        #expect(client.lose() == [])
        #expect(
            client.attach(2) == [
                #"agent {"id":"own-3","method":"initialize","params":{"clientInfo":{"name":"x"},"later":[1.0]}}"#,
                #"agent {"method":"initialized"}"#,
                #"agent {"id":"own-4","method":"thread/read","params":{"threadId":"T1"}}"#,
                #"agent {"id":"own-5","method":"thread/read","params":{"threadId":"T2"}}"#,
            ])
        #expect(client.hears(#"{"id":"own-3","result":{"userAgent":"x"}}"#) == [], "the client has its answer")
        #expect(
            client.hears(#"{"id":"own-4","result":{"thread":{"cwd":"/work/space"}}}"#)
                == [#"agent {"id":"own-6","method":"hooks/list","params":{"cwds":["/work/space"]}}"#])
        let resume = try #require(client.hears(Client.gated("own-6")).first)
        let request = try JSONValue(parsing: String(resume.dropFirst("agent ".count)))
        #expect(request["id"] == "own-7" && request["method"] == "thread/resume")
        #expect(request["params"]?["threadId"] == "T1" && request["params"]?["excludeTurns"] == true)
        #expect(request["params"]?["approvalPolicy"] == "on-request")
        #expect(
            client.hears(#"{"id":"own-7","result":{"thread":{"id":"T1"}}}"#) == [
                "inherit T1", "subscribe T1 everyCommand workspaceWrite",
            ])
    }

    @Test func aThreadKeepsItsSandbox() throws {
        var client = Self.subscribed("T1", modes: Modes(known: ["T1": ThreadMode(sandbox: .readOnly)]))
        _ = client.lose()
        _ = client.attach(2)
        _ = client.hears(#"{"id":"own-3","result":{"thread":{"cwd":"/work/space"}}}"#)
        #expect(client.hears(Client.gated("own-4")).first?.contains("sre-read-only-7f") == true)
    }

    @Test func whatWasLeftIsNotOpenedAgain() {
        var client = Self.subscribed("T1", "T2")
        _ = client.says(#"{"id":9,"method":"thread/unsubscribe","params":{"threadId":"T1"}}"#)
        _ = client.lose()
        #expect(client.attach(2).filter { $0.contains("thread/read") }.map { $0.contains("T2") } == [true])
    }

    @Test func aClientThatSaidNothingHasNothingSaidForIt() {
        var client = Client()
        #expect(client.attach() == [])
        _ = client.says(#"{"id":1,"method":"model/list"}"#)
        _ = client.lose()
        #expect(client.attach(2) == [])
    }

    /// The agent counts as back when it has answered, not when its process has started.
    @Test func anAgentThatIsBackIsGreetedEvenThen() {
        var client = Client()
        let info = AgentInfo(id: AgentID(2), proof: Client.proof, threadsRefused: nil, isShared: false)
        #expect(client.session.agentAttached(info, isBack: true).map(\.line).joined().contains("hooks/list"))
        #expect(client.session.isReopening)
        #expect(client.hears(#"{"id":"own-1","error":{"code":-32600,"message":"Not initialized"}}"#) == [])
        #expect(!client.session.isReopening)
    }

    @Test func whereThreadsAreRefusedNoneIsOpenedAgain() {
        var client = Self.subscribed("T1")
        _ = client.lose()
        #expect(client.attach(2, refused: "No sandbox.").count == 2)
    }

    @Test(arguments: [
        #"{"id":"own-3","error":{"code":1,"message":"gone"}}"#, #"{"id":"own-3","result":{}}"#,
        #"{"id":"own-3","result":{"thread":{"cwd":"/nowhere"}}}"#,
    ])
    func aThreadThatCannotBeOpenedAgainIsSaid(_ answer: String) {
        var client = Self.subscribed("T1")
        _ = client.lose()
        _ = client.attach(2)
        let lines = client.hears(answer)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"method":"sre/agentStatus","#))
    }

    @Test func withoutTheGateItStaysClosedAndThatIsSaid() {
        var client = Self.subscribed("T1")
        _ = client.lose()
        _ = client.attach(2)
        _ = client.hears(#"{"id":"own-3","result":{"thread":{"cwd":"/work/space"}}}"#)
        let lines = client.hears(#"{"id":"own-4","result":{"data":[]}}"#)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"method":"sre/agentStatus","#))
        #expect(lines[0].contains("The gate is not in force here"))
    }

    @Test func aTurnThatItsAgentCannotEndIsInterrupted() throws {
        var client = Self.subscribed("T1")
        for turn in ["u1", "u2"] {
            #expect(
                client.hears(#"{"method":"turn/started","params":{"threadId":"T1","turn":{"id":"\#(turn)"}}}"#) == [
                    "forward"
                ])
        }
        #expect(
            client.hears(#"{"method":"turn/completed","params":{"threadId":"T1","turn":{"id":"u1"}}}"#)
                == ["forward", "turn u1 in T1 completed"])
        #expect(client.session.isTurnRunning)
        let lines = client.lose()
        try #require(lines.count == 1)
        let message = try JSONValue(parsing: String(lines[0].dropFirst("client ".count)))
        #expect(message["method"] == "turn/completed" && message["params"]?["threadId"] == "T1")
        #expect(message["params"]?["turn"]?["id"] == "u2" && message["params"]?["turn"]?["status"] == "interrupted")
        #expect(!client.session.isTurnRunning)
        #expect(client.lose() == [])
    }

    @Test func aTurnThatWasAnsweredAndNotYetSaidToHaveStartedIsInterruptedToo() {
        var client = Self.subscribed("T1")
        _ = client.says(#"{"id":9,"method":"turn/start","params":{"threadId":"T1","input":[]}}"#)
        #expect(
            client.hears(#"{"id":9,"result":{"turn":{"id":"u","status":"inProgress"}}}"#)
                == ["turn u in T1 began []", "forward"])
        #expect(client.lose().joined().contains(#""status":"interrupted""#))
    }

    @Test func aTurnGoesOnWhenOnlyTheConnectionWasLost() {
        var client = Self.subscribed("T1")
        _ = client.hears(#"{"method":"turn/started","params":{"threadId":"T1","turn":{"id":"u"}}}"#)
        _ = client.says(#"{"id":9,"method":"model/list"}"#)
        let lines = client.session.agentLost("The connection broke.", withItsTurns: false).map(\.line)
        #expect(lines.count == 1 && lines[0].contains(#""id":9"#))
        #expect(client.session.isTurnRunning)
    }

    /// codex only notifies subscribers about the end of a thread's turns.
    @Test func aTurnOfAThreadWithoutSubscriptionIsNotWaitedFor() {
        var client = Self.subscribed("T1")
        for (thread, turn) in [("T1", "u"), ("T2", "v")] {
            _ = client.hears(
                #"{"method":"turn/started","params":{"threadId":"\#(thread)","turn":{"id":"\#(turn)"}}}"#)
        }
        _ = client.says(#"{"id":9,"method":"thread/unsubscribe","params":{"threadId":"T1"}}"#)
        #expect(client.session.isTurnRunning, "that of the other thread")
        _ = client.says(#"{"id":10,"method":"thread/unsubscribe","params":{"threadId":"T2"}}"#)
        #expect(!client.session.isTurnRunning)
    }

    /// codex has sent no client the end of the turn.
    @Test(arguments: ["completed", "failed", "inProgress", "unheard", nil])
    func aTurnThatEndedWhileTheConnectionWasLostHasEnded(_ status: String?) {
        var client = Self.subscribed("T1")
        for (thread, turn) in [("T1", "u"), ("child", "c")] {
            _ = client.hears(
                #"{"method":"turn/started","params":{"threadId":"\#(thread)","turn":{"id":"\#(turn)"}}}"#)
        }
        _ = client.session.agentLost("The connection broke.", withItsTurns: false)
        #expect(client.session.runningTurns == ["u": "T1"], "that of the sub-agent is nobody's to look up")
        #expect(
            Self.reopened(&client).last
                == #"agent {"id":"own-6","method":"thread/read","params":{"threadId":"T1","includeTurns":true}}"#)
        _ = client.hears(#"{"method":"turn/started","params":{"threadId":"T1","turn":{"id":"later"}}}"#)
        let turns = status.map { #"{"id":"u","status":"\#($0)","items":[{}],"more":1}"# } ?? ""
        let lines = client.hears(#"{"id":"own-6","result":{"thread":{"turns":[\#(turns)]}}}"#)
        let hasEnded = status != "inProgress" && status != nil
        #expect(client.session.runningTurns.keys.sorted() == (hasEnded ? ["later"] : ["later", "u"]))
        #expect(lines.count == (hasEnded ? 2 : 0))
        guard hasEnded, let status else { return }
        let told = #""params":{"threadId":"T1","turn":{"id":"u","status":"\#(status)","items":[],"more":1,"#
        #expect(lines.first?.contains(#""method":"turn/completed","#) == true && lines.first?.contains(told) == true)
    }

    @Test func whatCannotBeLookedUpGoesOn() {
        var client = Self.subscribed("T1")
        _ = client.hears(#"{"method":"turn/started","params":{"threadId":"T1","turn":{"id":"u"}}}"#)
        _ = client.session.agentLost("The connection broke.", withItsTurns: false)
        _ = Self.reopened(&client)
        #expect(client.hears(#"{"id":"own-6","error":{"code":1,"message":"no"}}"#) == [])
        #expect(client.session.isTurnRunning)
    }

    private static func reopened(_ client: inout Client) -> [String] {
        _ = client.attach()
        _ = client.hears(#"{"id":"own-3","result":{"thread":{"cwd":"/work/space"}}}"#)
        _ = client.hears(Client.gated("own-4"))
        return client.hears(#"{"id":"own-5","result":{"thread":{"id":"T1"}}}"#)
    }

    @Test func whileTheServerStopsNothingNewIsBegun() {
        var client = Self.subscribed("T1")
        client.session.refuseTurns()
        for method in ["turn/start", "review/start", "thread/compact/start", "thread/queue/start"] {
            let turn = #"{"id":9,"method":"\#(method)","params":{"threadId":"T1","input":[]}}"#
            #expect(client.says(turn).joined().contains("The server is stopping"))
        }
        #expect(
            client.says(#"{"id":10,"method":"turn/interrupt","params":{"threadId":"T1","turnId":"u"}}"#) == ["forward"])
    }

    @Test func anAgentThatEndsWhileThreadsAreOpenedAgainOwesTheClientNothing() {
        var client = Self.subscribed("T1")
        _ = client.lose()
        _ = client.attach(2)
        #expect(client.lose() == [])
        #expect(client.attach(3).count == 3)
    }

    /// A client that has opened these threads in this order, with the server's own calls 1 to n.
    private static func subscribed(_ threads: String..., modes: Modes = Modes()) -> Client {
        var modes = modes
        for thread in threads where modes.known[thread] == nil { modes.known[thread] = ThreadMode() }
        var client = Client.connected(modes: modes)
        _ = client.says(initialize)
        _ = client.hears(#"{"id":1,"result":{}}"#)
        for (index, thread) in threads.enumerated() {
            _ = client.says(#"{"id":2,"method":"thread/start","params":{"cwd":"/work/space"}}"#)
            _ = client.hears(Client.gated("own-\(index + 1)"))
            _ = client.hears(#"{"id":2,"result":{"thread":{"id":"\#(thread)"}}}"#)
        }
        return client
    }
}
