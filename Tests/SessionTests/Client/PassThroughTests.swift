import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// Messages that the server need not inspect are forwarded unchanged, in both directions.
@Suite struct PassThroughTests {
    @Test(arguments: [
        #"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"x"}}}"#, #"{"method":"initialized"}"#,
        #"{"id":1,"method":"model/list","params":{"later":[1.0,1.0]}}"#, #"{"id":"x","method":"what/comes/later"}"#,
        #"{"method":"notification/of/later","params":[1]}"#, #"{"id":1,"method":"model/list","params":{"x":1,"x":2}}"#,
        #" { "later" : 1 , "id" : 1 , "method" : "a" } "#,
    ])
    func aClientsMessageIsForwarded(_ message: String) {
        var client = Client.connected(.guest)
        #expect(client.says(message) == ["forward"])
    }

    @Test(arguments: [
        #"{"method":"item/agentMessage/delta","params":{"delta":"x"}}"#, #"{"method":"what/comes/later","params":{}}"#,
        #"{"method":"turn/completed","params":{"x":1.0}}"#, #"{"id":99,"result":{}}"#,
        #"{"id":"x","error":{"code":1}}"#,
        #"{"method":"item/started","params":{"item":{"type":"agentMessage","id":"i"},"threadId":"t","turnId":"u"}}"#,
        #"{"method":"item/started"}"#, #"{"method":"serverRequest/resolved","params":{"threadId":"t"}}"#,
        #"{"method":"item/completed","params":{"item":{"type":"commandExecution","id":"i"}}}"#,
    ])
    func theAgentsMessageIsForwarded(_ message: String) {
        var client = Client.connected()
        #expect(client.hears(message) == ["forward"])
    }

    @Test(arguments: [
        ("{", #"{"id":null,"error":{"code":-32700,"#), ("[]", #"{"id":null,"error":{"code":-32600,"#),
        (#"{"id":7}"#, #"{"id":7,"error":{"code":-32600,"#),
        (#"{"id":null,"method":"a"}"#, #"{"id":null,"error":{"code":-32600,"#),
        (#"{"id":1,"m\u0065thod":"thread/start","method":"model/list"}"#, #"{"id":1,"error":{"code":-32600,"#),
    ])
    func whatIsNoMessageIsAnsweredHere(_ message: String, _ answer: String) {
        var client = Client.connected()
        let lines = client.says(message)
        #expect(lines.count == 1 && lines[0].hasPrefix("client \(answer)"))
    }

    @Test(arguments: [
        #"{"id":1,"m\u0065thod":"thread/shellCommand","params":{}}"#, #"{"id":1,"method":"thread\/shellCommand"}"#,
        #"{"method":"thread/shellCommand","id":1,"params":{"command":"x"}}"#,
        #"{"id":1,"method":"remoteControl/enable"}"#,
    ])
    func whatIsForbiddenIsForbiddenInEverySpelling(_ message: String) {
        var client = Client.connected(.holder(.approver))
        let lines = client.says(message)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":1,"error":{"code":-32003,"#))
    }

    /// codex would read an array of params by position, but the server looks members up by name and would find none.
    @Test(arguments: ["thread/goal/set", "thread/queue/start", "turn/steer", "turn/interrupt", "thread/unsubscribe"])
    func paramsThatAreReadAreNoList(_ method: String) {
        for principal in [Principal.holder(.operator), .local] {
            var client = Client.connected(principal)
            let lines = client.says(#"{"id":1,"method":"\#(method)","params":["t"]}"#)
            #expect(lines.count == 1 && lines[0].contains("params is not an object"))
        }
        var client = Client.connected(.local)
        #expect(client.says(#"{"id":1,"method":"what/comes/later","params":["t"]}"#) == ["forward"])
    }

    @Test(arguments: [
        (#"{"id":"q1","result":{"decision":"accept"}}"#, #"answer "q1" {"decision":"accept"}"#),
        (#"{"id":0,"result":null}"#, "answer 0 null"),
        (#"{"id":"q1","error":{"code":1}}"#, #"answer "q1" error {"code":1}"#),
        (#"{"id":null,"result":{}}"#, "answer null null"), (#"{"result":{}}"#, "answer null null"),
        (#"{"id":1.5,"error":{}}"#, "answer null null"), (#"{"id":"q1","result":{"a":1,"a":2}}"#, #"answer "q1" null"#),
    ])
    func answersGoToTheCoordinatorAndNeverToTheAgent(_ message: String, _ line: String) {
        var client = Client.connected()
        #expect(client.says(message) == [line])
    }

    @Test func theAgentsRequestsGoToTheCoordinator() {
        var client = Client.connected()
        #expect(
            client.hears(#"{"id":0,"method":"item/tool/requestUserInput","params":{"x":[1.0]}}"#)
                == [#"asked 0 item/tool/requestUserInput {"x":[1.0]}"#])
        #expect(client.hears(#"{"id":"s","method":"what/comes/later"}"#) == [#"asked "s" what/comes/later null"#])
        #expect(
            client.hears(#"{"method":"serverRequest/resolved","params":{"threadId":"t","requestId":0}}"#) == [
                "resolved 0"
            ])
    }

    @Test func whatTheAgentWritesThatIsNoMessageIsSaid() {
        var client = Client.connected()
        for text in ["half a li", "{}", "", "[]"] {
            let lines = client.hears(text)
            #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"method":"sre/agentFault","#))
        }
    }

    /// A browser would close the connection because of it, reconnect, and get it again.
    @Test func whatIsNotUTF8IsSaidAndNotForwarded() {
        var client = Client.connected()
        let text = Array(#"{"method":"item/agentMessage/delta","params":{"delta":""#.utf8) + [0xC3] + Array("\"}}".utf8)
        let outcome = text.withUnsafeBytes { client.session.receiveFromAgent($0) }
        #expect(outcome.lines.count == 1 && outcome.lines[0].hasPrefix(#"client {"method":"sre/agentFault","#))
    }

    /// JSON allows many spellings of the same name.
    @Test func anEscapedNameIsTheSameName() {
        var client = Client.connected()
        let started =
            #"{"method":"item\/st\u0061rted","params":{"item":{"type":"fileChange","id":"i"},"threadId":"t","turnId":"u"}}"#
        #expect(client.hears(started) == ["started i", "forward"])
    }

    @Test func anItemThatExecutesIsReportedAndForwarded() {
        var client = Client.connected()
        let started =
            #"{"method":"item/started","params":{"item":{"type":"fileChange","id":"i"},"threadId":"t","turnId":"u"}}"#
        #expect(client.hears(started) == ["started i", "forward"])
    }

    @Test func thePatchThatTheGateAnnouncedIsNotAnnouncedTwice() {
        var client = Client.connected()
        let started =
            #"{"method":"item/started","params":{"item":{"type":"fileChange","id":"i"},"threadId":"t","turnId":"u"}}"#
        let announced = client.session.render(
            notification: "item/started", params: ["threadId": "t", "item": ["id": "i"]])
        #expect(text(announced) == #"{"method":"item/started","params":{"threadId":"t","item":{"id":"i"}}}"#)
        #expect(client.hears(started) == ["started i"])
        #expect(client.hears(started) == ["started i", "forward"])
    }

    @Test(arguments: ["commandExecution", "fileChange", "mcpToolCall", "collabAgentToolCall"])
    func whatMustHavePassedTheGateIsChecked(kind: String) {
        var client = Client.connected()
        let item = #"{"type":"\#(kind)","id":"i","tool":"sendInput"}"#
        let started = #"{"method":"item/started","params":{"item":\#(item),"threadId":"t","turnId":"u"}}"#
        #expect(client.hears(started) == ["started i", "forward"])
    }

    @Test func leavingAThreadIsTold() {
        var client = Client.connected()
        #expect(
            client.says(#"{"id":1,"method":"thread/unsubscribe","params":{"threadId":"T1"}}"#) == [
                "unsubscribe T1", "forward",
            ])
    }

    /// codex sends no `thread/started` for a sub-agent's thread.
    @Test func aSpawnedThreadBelongsToTheOneThatSpawnedIt() {
        func completed(_ tool: String) -> String {
            let item =
                #"{"type":"collabAgentToolCall","id":"i","tool":"\#(tool)","senderThreadId":"t","#
                + #""receiverThreadIds":["a","b"]}"#
            return #"{"method":"item/completed","params":{"item":\#(item),"threadId":"t","turnId":"u"}}"#
        }
        var client = Client.connected()
        #expect(client.hears(completed("spawnAgent")) == ["forward", "inherit a below t", "inherit b below t"])
        #expect(client.hears(completed("sendInput")) == ["forward"])
    }

    /// codex also accepts objects as lists, in which the server would not find what a client opts out of.
    @Test(arguments: [
        #"[{"name":"x"},{"optOutNotificationMethods":["turn/completed"]}]"#,
        #"{"clientInfo":{"name":"x"},"capabilities":[true,["turn/completed"]]}"#,
        #"{"clientInfo":{"name":"x"},"capabilities":{"optOutNotificationMethods":"turn/completed"}}"#,
    ])
    func anIntroductionThatCannotBeReadIsRefused(params: String) {
        var client = Client.connected(.holder(.viewer))
        let said = client.says(#"{"id":1,"method":"initialize","params":\#(params)}"#).joined()
        #expect(said.contains("-32602"))
        #expect(client.says(#"{"id":1,"method":"model/list"}"#) == ["forward"], "the id is free again")
    }

    /// The server itself needs some notifications: without them it would not know that a turn has ended.
    @Test func theServerHearsWhatTheClientOptsOutOf() {
        var client = Client.connected(.holder(.viewer))
        let sent = client.says(
            #"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"x"},"capabilities":{"experimentalApi":true,"#
                + #""explicitGatewayOauth":true,"optOutNotificationMethods":["turn/completed","item/plan/delta"]}}}"#)
        #expect(sent.count == 1 && sent[0].contains(#""optOutNotificationMethods":["item/plan/delta"]"#))
        #expect(!sent[0].contains("explicitGatewayOauth") && sent[0].contains(#""experimentalApi":true"#))
        let completed = #"{"method":"turn/completed","params":{"threadId":"t","turn":{"id":"u","status":"completed"}}}"#
        #expect(client.hears(completed) == ["turn u in t completed"])
        #expect(client.hears(completed.replacing("turn/completed", with: "item/plan/delta")) == ["forward"])
    }
}
