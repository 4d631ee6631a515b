import JSON
import Policy
@testable import Session
import Testing

/// `thread/resume` and `thread/fork`: the agent reports the thread's directory, and the gate is proved there.
@Suite struct ResumeFlowTests {
    @Test(arguments: ["thread/resume", "thread/fork"])
    func theWholeFlow(_ method: String) throws {
        var client = Client.connected(.guest)
        #expect(
            client.says(#"{"id":"a","method":"\#(method)","params":{"threadId":"T1","excludeTurns":true}}"#)
                == [#"agent {"id":"own-1","method":"thread/read","params":{"threadId":"T1"}}"#])
        #expect(
            client.hears(#"{"id":"own-1","result":{"thread":{"id":"T1","cwd":"/work/space/app"}}}"#)
                == [#"agent {"id":"own-2","method":"hooks/list","params":{"cwds":["/work/space/app"]}}"#])
        let forwarded = try #require(client.hears(Client.gated("own-2")).first)
        let request = try JSONValue(parsing: String(forwarded.dropFirst("agent ".count)))
        #expect(request["id"] == "a" && request["method"] == .string(method))
        #expect(request["params"]?["approvalPolicy"] == "on-request")
        #expect(request["params"]?["excludeTurns"] == true)
        #expect(request["params"]?["config"]?["projects"]?["/work/space/app"] == ["trust_level": "untrusted"])
        let words = method == "thread/fork" ? ["inherit T2 of T1", "input T2"] : ["inherit T2"]
        #expect(
            client.hears(#"{"id":"a","result":{"thread":{"id":"T2"}}}"#)
                == ["forward"] + words + ["subscribe T2 everyCommand workspaceWrite"])
    }

    @Test func aThreadThatIsNotThereIsTheAgentsErrorToTell() {
        var client = Client.connected()
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1"}}"#)
        #expect(
            client.hears(#"{"id":"own-1","error":{"code":-32600,"message":"no such thread"}}"#)
                == [#"client {"id":1,"error":{"code":-32600,"message":"no such thread"}}"#])
    }

    @Test(arguments: ["{}", "null", #"{"thread":null}"#, #"{"thread":{"cwd":7}}"#])
    func anAnswerWithoutADirectoryOpensNothing(_ result: String) {
        var client = Client.connected()
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1"}}"#)
        let lines = client.hears(#"{"id":"own-1","result":\#(result)}"#)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":1,"error":{"code":-32603,"#))
    }

    @Test func aThreadWithoutADirectoryStaysClosed() {
        var client = Client.connected(.guest)
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1"}}"#)
        let lines = client.hears(#"{"id":"own-1","result":{"thread":{"cwd":"/nowhere"}}}"#)
        #expect(lines.count == 1 && lines[0].hasPrefix(#"client {"id":1,"error":{"code":-32"#))
        #expect(lines[0].contains("cwd"))
    }

    /// Every role may watch every thread; working in a thread needs more rights.
    @Test(arguments: [Role.viewer, .operator, .admin])
    func aThreadOutsideTheRootsMayBeWatched(_ role: Role) {
        var modes = Modes()
        var mode = ThreadMode()
        mode.cwd = "/etc"
        modes.known["T1"] = mode
        var client = Client.connected(.holder(role), modes: modes)
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1"}}"#)
        let lines = client.hears(#"{"id":"own-1","result":{"thread":{"cwd":"/etc"}}}"#)
        #expect(lines.count == 1 && lines[0].contains(#""method":"hooks/list""#))
        for method in ["turn/start", "turn/steer", "thread/queue/add", "review/start", "thread/settings/update"] {
            let answer = client.says(#"{"id":2,"method":"\#(method)","params":{"threadId":"T1","input":[]}}"#)
            #expect(answer.count == 1 && answer[0].hasPrefix(#"client {"id":2,"error":{"code":-32003,"#))
        }
    }

    @Test func aDirectoryThatTheCallNamesIsProvedWithoutAsking() {
        var client = Client.connected()
        #expect(
            client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1","cwd":"/work/space"}}"#)
                == [#"agent {"id":"own-1","method":"hooks/list","params":{"cwds":["/work/space"]}}"#])
    }

    @Test func aThreadKeepsTheSandboxItIsKnownToHave() throws {
        let modes = Modes(known: ["T1": ThreadMode(policy: .never, sandbox: .readOnly)])
        var client = Client.connected(modes: modes)
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1","cwd":"/work/space"}}"#)
        let forwarded = try #require(client.hears(Client.gated("own-1")).first)
        #expect(forwarded.contains(#""default_permissions":"sre-read-only-7f""#))
        #expect(forwarded.contains(#""approvalPolicy":"on-request""#))
        #expect(client.hears(#"{"id":1,"result":{"thread":{"id":"T1"}}}"#).last == "subscribe T1 everyCommand readOnly")
    }

    /// codex keeps the policy of a loaded thread. A client without the right to that policy may watch the thread, and
    /// the thread stays open for every client.
    @Test func aLoadedThreadIsWatchedAsItIs() throws {
        let modes = Modes(known: ["T1": ThreadMode(policy: .never)])
        var client = Client.connected(.guest, modes: modes)
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1","cwd":"/work/space"}}"#)
        let forwarded = try #require(client.hears(Client.gated("own-1")).first)
        #expect(forwarded.contains(#""approvalPolicy":"on-request""#))
        let answer = #"{"id":1,"result":{"thread":{"id":"T1"},"approvalPolicy":"never"}}"#
        #expect(client.hears(answer).last == "subscribe T1 workspaceWrite")
        // A policy that no client has set comes from codex's configuration.
        var other = Client.connected(.guest, modes: .ofOpenThread)
        _ = other.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1","cwd":"/work/space"}}"#)
        _ = other.hears(Client.gated("own-1"))
        #expect(other.hears(answer).joined().contains("managed configuration"))
    }

    @Test func anotherWriterIsExplainedWhereEverySessionHasItsOwnAgent() {
        let error = #"{"id":1,"error":{"code":-32600,"message":"T1 already has an active writer","data":1}}"#
        var isolated = Self.resuming(isShared: false)
        #expect(
            isolated.hears(error) == [
                """
                client {"id":1,"error":{"code":-32600,"message":"T1 already has an active writer. Start the server with \
                --agent-mode shared to open a thread on several devices.","data":1}}
                """
            ])
        var shared = Self.resuming(isShared: true)
        #expect(shared.hears(error) == ["forward"])
    }

    private static func resuming(isShared: Bool) -> Client {
        var client = Client.connected(isShared: isShared)
        _ = client.says(#"{"id":1,"method":"thread/resume","params":{"threadId":"T1","cwd":"/work/space"}}"#)
        _ = client.hears(Client.gated("own-1"))
        return client
    }
}
