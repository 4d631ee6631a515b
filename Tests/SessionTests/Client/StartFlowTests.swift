import JSON
@testable import Session
import Testing

/// `thread/start`, step by step: the gate is proved in the directory, then the thread opens.
@Suite struct StartFlowTests {
    static let start =
        #"{"id":2,"method":"thread/start","params":{"cwd":"/work/space/app","model":null,"config":null}}"#
    static let proofCall = #"agent {"id":"own-1","method":"hooks/list","params":{"cwds":["/work/space/app"]}}"#

    @Test func theWholeFlow() throws {
        var client = Client.connected(.guest)
        #expect(client.says(Self.start) == [Self.proofCall])
        let forwarded = try #require(client.hears(Client.gated("own-1")).first)
        #expect(
            forwarded.hasPrefix(
                #"agent {"id":2,"method":"thread/start","params":{"cwd":"/work/space/app","model":null,"#))
        let request = try JSONValue(parsing: String(forwarded.dropFirst("agent ".count)))
        #expect(request["params"]?["approvalPolicy"] == "on-request")
        #expect(
            client.hears(#"{"id":2,"result":{"thread":{"id":"T1","later":1.0},"model":"m"}}"#) == [
                #"client {"id":2,"result":{"threadId":"T1","thread":{"id":"T1","later":1.0},"model":"m"}}"#,
                "inherit T1", "input T1", "subscribe T1 everyCommand workspaceWrite",
            ])
        #expect(client.hears(#"{"id":2,"result":{}}"#) == ["forward"], "nothing waits for it any more")
    }

    @Test(arguments: [
        (
            #"{ "id":2, "result" : { "thread" : {"id" : "T\u0031"} } , "later":[1e2] } "#,
            #"{ "id":2, "result" : {"threadId":"T1", "thread" : {"id" : "T\u0031"} } , "later":[1e2] } "#
        ),
        (
            #"{"result":{"sandbox":{"type":"workspaceWrite"},"thread":{"id":"T\"1"}},"id":2}"#,
            #"{"result":{"threadId":"T\"1","sandbox":{"type":"workspaceWrite"},"thread":{"id":"T\"1"}},"id":2}"#
        ),
    ])
    func theThreadIDIsSplicedInAndTheRestStaysByteForByte(_ response: String, _ sent: String) {
        var client = Self.started()
        #expect(client.hears(response).first == "client \(sent)")
    }

    /// Strict parsers, including this server's, refuse a duplicate member.
    @Test func aThreadIDThatIsThereIsNotAddedAgain() throws {
        var client = Self.started()
        let lines = client.hears(#"{"id":2,"result":{"threadId":"T1","thread":{"id":"T1"}}}"#)
        let sent = try #require(lines.first)
        #expect(sent == "forward" || (try? JSONValue(parsing: String(sent.dropFirst("client ".count)))) != nil)
        #expect(lines.last == "subscribe T1 everyCommand workspaceWrite")
    }

    @Test(arguments: [
        (#"{"id":"own-1","result":{"data":[]}}"#, "the agent lists no hooks"),
        (#"{"id":"own-1","result":{"data":[{"hooks":[]}]}}"#, "the gate's hook is missing"),
        (
            Client.gated("own-1").replacing("trusted", with: "modified"),
            #"the gate's hook has trustStatus \"modified\" where \"trusted\" is needed"#
        ),
        (#"{"id":"own-1","result":null}"#, "the agent lists no hooks"),
    ])
    func withoutTheGateNoThreadIsOpened(_ answer: String, _ fault: String) {
        var client = Client.connected()
        _ = client.says(Self.start)
        #expect(
            client.hears(answer)
                == [#"client {"id":2,"error":{"code":-32003,"message":"The gate is not in force here: \#(fault)."}}"#])
        #expect(client.hears(Client.gated("own-1")) == [], "a second answer opens nothing")
    }

    @Test func anErrorOfTheAgentsReachesTheClientUnderItsOwnID() {
        var client = Client.connected()
        _ = client.says(Self.start)
        #expect(
            client.hears(#"{"id":"own-1","error":{"code":-1,"message":"no","data":{"x":1}}}"#)
                == [#"client {"id":2,"error":{"code":-1,"message":"no","data":{"x":1}}}"#])
    }

    @Test func anErrorInAnswerToTheStartPassesAndSubscribesToNothing() {
        var client = Self.started()
        #expect(client.hears(#"{"id":2,"error":{"code":-1,"message":"no"}}"#) == ["forward"])
    }

    @Test func aThreadThatCameWithoutASandboxStaysClosed() {
        var client = Self.started()
        let lines = client.hears(#"{"id":2,"result":{"thread":{"id":"T1"},"sandbox":{"type":"dangerFullAccess"}}}"#)
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix(#"client {"id":2,"error":{"code":-32003,"#))
        #expect(lines[1].hasPrefix("close T1 The agent opened this thread without a sandbox"))
    }

    /// codex's managed configuration overrides the server's values.
    @Test(arguments: [
        (#""approvalsReviewer":"auto_review""#, false), (#""approvalPolicy":"never""#, false),
        (#""activePermissionProfile":{"id":":workspace"}"#, false), (#""activePermissionProfile":null"#, false),
        (#""approvalsReviewer":"user","approvalPolicy":"on-request""#, true), (#""model":"m""#, true),
    ])
    func aThreadThatCameOtherwiseThanItWasToldStaysClosed(_ members: String, _ isOpened: Bool) {
        var client = Self.started()
        let lines = client.hears(
            #"{"id":2,"result":{"thread":{"id":"T1"},"sandbox":{"type":"workspaceWrite"},\#(members)}}"#)
        #expect(lines[0].hasPrefix(#"client {"id":2,"error""#) != isOpened)
        #expect(lines.contains { $0.hasPrefix("close T1 The agent opened this thread with ") } != isOpened)
        #expect(lines.contains { $0.hasPrefix("subscribe T1") } == isOpened)
    }

    @Test func whereTheSandboxCannotWorkNoThreadIsOpened() {
        var client = Client.connected(refused: "No user namespaces here.")
        #expect(
            client.says(Self.start) == [
                #"client {"id":2,"error":{"code":-32003,"message":"No user namespaces here."}}"#
            ])
    }

    @Test func whatPolicyRefusesNeverReachesTheAgent() {
        var client = Client.connected(.guest)
        for params in [
            #"{"cwd":"/etc"}"#, #"{"approvalPolicy":"never"}"#, #"{"config":{"features.hooks":false}}"#, "[]",
        ] {
            let lines = client.says(#"{"id":2,"method":"thread/start","params":\#(params)}"#)
            #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":2,"error":{"code":-32"#))
        }
        #expect(
            client.says(#"{"id":2,"method":"thread/start","params":{"cwd":"/work","cwd":"/etc"}}"#)[0].contains(
                "appears twice"))
    }

    private static func started() -> Client {
        var client = Client.connected()
        _ = client.says(start)
        _ = client.hears(Client.gated("own-1"))
        return client
    }
}
