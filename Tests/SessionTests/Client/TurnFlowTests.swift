import JSON
@testable import Session
import Testing

/// Turn calls: when they reach the agent, and when a thread's mode changes.
@Suite struct TurnFlowTests {
    @Test func aTurnThatChangesNothingGoesOnByteForByte() {
        var client = Client.connected(.guest, modes: .ofOpenThread)
        let turn =
            #"{"id":3, "method":"turn/start","params":{"threadId":"T1","input":[],"cwd":null,"approvalPolicy":null}}"#
        #expect(client.says(turn) == ["input T1", "forward"])
        #expect(client.hears(#"{"id":3,"result":{}}"#) == ["forward"])
    }

    @Test func aStricterModeCountsBeforeTheAgentHearsOfIt() {
        var client = Client.connected(modes: .ofOpenThread)
        let told = #"agent {"id":3,"method":"turn/start","params":{"threadId":"T1","approvalPolicy":"on-request"}}"#
        #expect(client.says(Self.turn(#""approvalPolicy":"onRequest""#)) == ["mode T1 everyCommand", told])
        #expect(client.hears(#"{"id":3,"result":{}}"#) == ["mode T1 everyCommand", "forward"])
    }

    @Test func aLaxerModeCountsWhenTheAgentHasAgreed() {
        var client = Client.connected(modes: .ofOpenThread)
        #expect(client.says(Self.turn(#""approvalPolicy":"never""#)).count == 1)
        #expect(client.hears(#"{"id":3,"result":{}}"#) == ["mode T1 never", "forward"])
        #expect(client.says(Self.turn(#""approvalPolicy":"never""#)).count == 1)
        #expect(client.hears(#"{"id":3,"error":{"code":1,"message":"no"}}"#) == ["forward"])
    }

    @Test func theSandboxIsWrittenInOurWords() {
        var client = Client.connected(modes: .ofOpenThread)
        #expect(
            client.says(Self.turn(#""sandboxPolicy":{"type":"readOnly","later":1}"#)) == [
                """
                agent {"id":3,"method":"turn/start","params":{"threadId":"T1",\
                "sandboxPolicy":{"type":"readOnly","networkAccess":false}}}
                """
            ])
        #expect(client.hears(#"{"id":3,"result":{}}"#) == ["mode T1 readOnly", "forward"])
    }

    @Test func aNewDirectoryIsProvedFirst() {
        var client = Client.connected(.guest, modes: .ofOpenThread)
        #expect(
            client.says(Self.turn(#""cwd":"/work/space/app""#))
                == [#"agent {"id":"own-1","method":"hooks/list","params":{"cwds":["/work/space/app"]}}"#])
        #expect(
            client.hears(Client.gated("own-1"))
                == [#"agent {"id":3,"method":"turn/start","params":{"threadId":"T1","cwd":"/work/space/app"}}"#])
        #expect(client.hears(#"{"id":3,"result":{}}"#).last == "forward")
    }

    @Test func withoutTheGateTheTurnDoesNotStart() {
        var client = Client.connected(modes: .ofOpenThread)
        _ = client.says(Self.turn(#""cwd":"/work/space/app""#))
        let lines = client.hears(#"{"id":"own-1","result":{"data":[]}}"#)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":3,"error":{"code":-32003,"#))
    }

    @Test(arguments: ["turn/start", "thread/settings/update", "turn/settings/update"])
    func whatPolicyRefusesNeverReachesTheAgent(_ method: String) {
        var client = Client.connected(.guest, modes: .ofOpenThread)
        for member in [
            #""approvalPolicy":"never""#, #""permissions":"x""#, #""cwd":"/etc""#,
            #""approvalsReviewer":["user"]"#,
            #""sandboxPolicy":{"type":"dangerFullAccess"}"#, #""environments":[{}]"#, #""threadId":"T2""#,
        ] {
            let lines = client.says(#"{"id":3,"method":"\#(method)","params":{"threadId":"T1",\#(member)}}"#)
            #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":3,"error":{"code":-32"#), "\(member)")
        }
    }

    /// OpenAI's SDKs request a model as the reviewer. A person is stricter, so the call passes with one notice.
    @Test func anotherReviewerIsReplacedByAPerson() {
        var client = Client.connected(.guest, modes: .ofOpenThread)
        for number in 0..<2 {
            let lines = client.says(Self.turn(#""approvalsReviewer":"auto_review","input":[]"#))
            #expect(lines.contains { $0.hasPrefix("agent ") && $0.contains(#""approvalsReviewer":"user""#) })
            let notices = lines.filter { $0.hasPrefix(#"client {"method":"warning""#) }
            #expect(notices.count == (number == 0 ? 1 : 0))
            #expect(notices.allSatisfy { $0.contains("approvalsReviewer auto_review") })
            _ = client.hears(#"{"id":3,"result":{}}"#)
        }
    }

    @Test func aStoppedTurnStopsItsCommands() {
        var client = Client.connected(.guest, modes: .ofOpenThread)
        #expect(
            client.says(#"{"id":4,"method":"turn/interrupt","params":{"threadId":"T1","turnId":"u"}}"#) == ["forward"])
        #expect(client.hears(#"{"id":4,"result":{}}"#) == ["forward", "stop T1"])
    }

    @Test func theServerStopsATurnUnderAnIDOfItsOwn() {
        var client = Client.connected(modes: .ofOpenThread)
        #expect(
            client.session.interrupt(threadID: "T1", turnID: "u").map(\.line)
                == [#"agent {"id":"own-1","method":"turn/interrupt","params":{"threadId":"T1","turnId":"u"}}"#])
        #expect(client.hears(#"{"id":"own-1","result":{}}"#) == ["stop T1"])
        _ = client.lose()
        #expect(client.session.interrupt(threadID: "T1", turnID: "u").isEmpty)
    }

    private static func turn(_ members: String) -> String {
        #"{"id":3,"method":"turn/start","params":{"threadId":"T1",\#(members)}}"#
    }
}
