import JSON
import Policy
@testable import Relay
import Session
import Testing

/// While the server cannot store whose input a thread holds, the agent gets no input: a killed server would forget the
/// author, and the thread might then run commands unasked.
@Suite struct KeepingFailureTests {
    private static let steer =
        #"{"id":7,"method":"turn/steer","params":{"threadId":"t","expectedTurnId":"u","input":[]}}"#

    @Test func inputIsRefusedWhileItsAuthorCannotBeStored() throws {
        let store = FakeThreadStore()
        let server = TestServer(threads: store)
        let (client, agent) = server.connects()
        server.opensThread("t", client, agent)
        let before = agent.lines.count
        store.fail("disk full")
        client.says(Self.steer)
        #expect(agent.lines.count == before)
        let answer = try JSONValue(parsing: Array(try #require(client.lines.last).utf8))
        #expect(answer["id"] == 7 && answer["error"]?["code"] == -32003)
        #expect(answer["error"]?["message"]?.stringValue?.hasSuffix("disk full") == true)
        client.says(PlainPathTests.request.replacing("7", with: "8"))
        #expect(agent.lines.count == before + 1, "a request without input passes")
        store.fail(nil)
        client.says(Self.steer)
        #expect(agent.lines.last == Self.steer, "the id is free again")
    }

    /// `failsAlready` is false for the write that fails first: the coordinator allows the call before it fails.
    @Test(arguments: [false, true])
    func aToolCallThatPassesInputOnIsDenied(_ failsAlready: Bool) throws {
        let store = FakeThreadStore()
        let server = TestServer(threads: store)
        let (client, agent) = server.connects()
        server.opensThread("t", client, agent)
        if failsAlready { store.fail("disk full") } else { store.failAtNextWrite("disk full") }
        let starts = server.starts
        let question: JSONValue = [
            "session_id": "t", "turn_id": "u", "cwd": "/work/space", "tool_name": "multi_agent_v1send_input",
            "tool_input": ["target": "01900000-0000-7000-8000-000000000001", "message": "go"], "tool_use_id": "c",
        ]
        var input = try #require(HookInput(question))
        input.parents = ["01900000-0000-7000-8000-000000000001": "t"]
        _ = server.hub.hookAsked(input) { starts.add("\($0)") }
        let verdict = try #require(starts.lines.last)
        #expect(verdict.hasPrefix("deny") && verdict.contains("disk full"))
    }
}
