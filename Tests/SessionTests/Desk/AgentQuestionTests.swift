import JSON
import JSONRPC
@testable import Session
import Testing

/// The agent's own requests. In shared mode it asks every follower, with one id: that is one question.
@Suite struct AgentQuestionTests {
    @Test func askedOverSeveralSessionsItIsOneQuestion() {
        var room = Room(followedBy: Room.ann, Room.bob)
        #expect(room.agentAsks(0, over: Room.ann) == ["show q1 to 1"])
        #expect(room.agentAsks(0, over: Room.bob) == ["show q1 to 2"])
        #expect(room.agentAsks(0, over: Room.bob) == [])
        #expect(room.desk.waiting.count == 1)
        let lines = room.answer("q1", ["decision": "accept", "later": 1], by: Room.bob)
        #expect(lines.filter { $0.hasPrefix("result") } == [#"result 0 over 2: {"decision":"accept","later":1}"#])
        #expect(lines.count { $0.contains("serverRequest/resolved") } == 2)
    }

    @Test func onceAnsweredItIsNotAskedAgain() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann)
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        #expect(room.agentAsks(0, over: Room.bob) == [], "the copy for the other session was on its way")
        #expect(room.lines(room.desk.agentResolved(AgentID(1), .integer(0), now: 1)) == [])
        #expect(room.agentAsks(0, over: Room.bob) == [], "codex uses no id twice in one life")
        #expect(room.agentAsks(1, over: Room.bob) == ["show q2 to 2"])
    }

    @Test func onceExpiredItIsNotAskedAgain() {
        var room = Room(followedBy: Room.ann, timeout: 1)
        _ = room.agentAsks(0, over: Room.ann)
        _ = room.desk.opened(Room.bob)
        _ = room.desk.expire("q1", now: 1_001)
        #expect(room.agentAsks(0, over: Room.bob) == [])
    }

    @Test func anotherLifeOfTheAgentAsksAnew() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, agent: 1)
        #expect(room.agentAsks(0, over: Room.ann, agent: 2) == ["show q2 to 1"])
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann).contains { $0.hasPrefix("result 0") })
        #expect(room.desk.waiting.map(\.id) == ["q2"])
    }

    @Test func theIDOfAnotherLifeIsAnotherRequest() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, agent: 1)
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        #expect(room.agentAsks(0, over: Room.ann, agent: 2) == ["show q2 to 1"])
    }

    @Test func whatTheAgentSaysIsOverIsVoid() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(4, over: Room.ann)
        _ = room.agentAsks(4, over: Room.bob)
        let lines = room.lines(room.desk.agentResolved(AgentID(1), .integer(4), now: 1_100))
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""decision":"void","decidedAt":1100"#) })
        #expect(RejectionTests.reasons(room.answer("q1", ["decision": "accept"], by: Room.ann)) == ["void"])
        #expect(room.lines(room.desk.agentResolved(AgentID(1), .integer(5), now: 1)) == [])
    }

    @Test func anAgentThatEndsTakesItsOwnQuestionsAlong() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, agent: 1)
        _ = room.agentAsks(0, over: Room.ann, agent: 2)
        _ = room.ask(.command("ls"))
        #expect(room.lines(room.desk.agentEnded(AgentID(1), now: 1_100)).count == 1)
        #expect(room.desk.waiting.map(\.id).sorted() == ["q2", "q3"])
    }

    @Test(
        arguments: [
            ("item/commandExecution/requestApproval", "outsideSandbox"),
            ("item/fileChange/requestApproval", "outsideSandbox"),
            ("item/permissions/requestApproval", "outsideSandbox"), ("item/tool/requestUserInput", nil),
            ("mcpServer/elicitation/request", nil), ("what/comes/later", nil),
        ] as [(String, String?)])
    func whatLeavesTheSandboxIsMarkedAsTheGraverQuestion(_ method: String, _ asks: String?) {
        var room = Room(followedBy: Room.ann, timeout: 500)
        _ = room.agentAsks(0, over: Room.ann, method, ["threadId": "t", "sre": ["asks": "command"], "x": 1])
        let params = room.desk.waiting.first?.params
        #expect(params?["x"] == 1)
        // Which ones are about leaving the sandbox is ours to say, not the agent's.
        let expected: JSONValue = asks.map { ["asks": .string($0), "expiresAt": 1_500] } ?? ["expiresAt": 1_500]
        #expect(params?["sre"] == (method == "what/comes/later" ? ["asks": "command"] : expected))
    }

    @Test(arguments: [
        ("item/commandExecution/requestApproval", #"result 0 over 1: {"decision":"decline"}"#),
        ("item/fileChange/requestApproval", #"result 0 over 1: {"decision":"decline"}"#),
        ("item/permissions/requestApproval", #"result 0 over 1: {"permissions":{},"scope":"turn"}"#),
        ("mcpServer/elicitation/request", #"result 0 over 1: {"action":"decline","content":null,"_meta":null}"#),
        ("item/tool/requestUserInput", #"result 0 over 1: {"answers":{}}"#),
        ("what/comes/later", #"error 0 over 1: {"code":-32000,"message":"Nobody answered in time."}"#),
    ])
    func nobodyAnswersInTime(_ method: String, _ answer: String) {
        var room = Room(followedBy: Room.ann, timeout: 500)
        #expect(room.agentAsks(0, over: Room.ann, method) == ["expire q1 at 1500", "show q1 to 1"])
        #expect(room.lines(room.desk.expire("q1", now: 1_500)).contains(answer))
    }

    /// Everybody who was asked has left: there is no connection to answer over until somebody opens the thread.
    @Test func whatNobodyCouldAnswerInTimeIsAnsweredWhenTheAgentAsksAgain() {
        var room = Room(followedBy: Room.ann, timeout: 500)
        _ = room.agentAsks(0, over: Room.ann)
        room.desk.closed(Room.ann)
        _ = room.desk.opened(Room.bob)
        #expect(room.lines(room.desk.expire("q1", now: 1_500)) == [])
        let answer = #"result 0 over 2: {"decision":"decline"}"#
        #expect(room.agentAsks(0, over: Room.bob) == [answer])
        #expect(room.agentAsks(0, over: Room.bob) == [], "once")
    }

    @Test func anAnswerToAnotherQuestionPassesAsItCame() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, "item/tool/requestUserInput")
        #expect(RejectionTests.reasons(room.answer("q1", "text", by: Room.ann)) == ["malformed"])
        #expect(
            room.answer("q1", ["answers": ["a": 1]], by: Room.ann).contains(#"result 0 over 1: {"answers":{"a":1}}"#))
        _ = room.agentAsks(1, over: Room.ann, "what/comes/later")
        let error: JSONValue = ["code": -32601, "message": "no"]
        let lines = room.lines(
            room.desk.settled(room.desk.answered("q2", .error(error), from: Room.ann, by: Caller(.local), now: 1)))
        #expect(lines.contains("error 1 over 1: \(error)"))
    }

    @Test func decisionsReachTheAgentInItsOwnWords() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann)
        #expect(
            room.answer("q1", ["decision": "allow"], by: Room.ann).contains(#"result 0 over 1: {"decision":"accept"}"#))
        _ = room.agentAsks(1, over: Room.ann)
        let rule: JSONValue = ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]]
        #expect(
            room.answer("q2", ["decision": rule], by: Room.ann).contains(#"result 1 over 1: {"decision":\#(rule)}"#))
    }

    @Test func aFollowerWhoWasNotAskedAnswersOverTheOneWhoWas() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann)
        #expect(
            room.answer("q1", ["decision": "accept"], by: Room.bob).contains(#"result 0 over 1: {"decision":"accept"}"#)
        )
    }

    @Test func aQuestionOfNoThreadIsForTheOneItWasPutTo() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.agentAsks(0, over: Room.ann, "account/chatgptAuthTokens/refresh", [:])
        #expect(RejectionTests.reasons(room.answer("q1", [:], by: Room.bob)) == ["forbidden"])
        #expect(room.answer("q1", ["token": "x"], by: Room.ann).contains(#"result 0 over 1: {"token":"x"}"#))
    }
}
