import JSON
import JSONRPC
@testable import Session
import Testing

/// The agent's own requests. In shared mode the agent asks every subscriber with one id, which makes one approval.
@Suite struct AgentQuestionTests {
    @Test func askedOverSeveralSessionsItIsOneQuestion() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        #expect(fixture.agentAsks(0, over: Fixture.ann) == ["show q1 to 1"])
        #expect(fixture.agentAsks(0, over: Fixture.bob) == ["show q1 to 2"])
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [])
        #expect(fixture.coordinator.waiting.count == 1)
        let lines = fixture.answer("q1", ["decision": "accept", "later": 1], by: Fixture.bob)
        #expect(lines.filter { $0.hasPrefix("result") } == [#"result 0 over 2: {"decision":"accept"}"#])
        #expect(lines.count { $0.contains("serverRequest/resolved") } == 2)
    }

    @Test func onceAnsweredItIsNotAskedAgain() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [], "the copy for the other session was on its way")
        #expect(fixture.lines(fixture.coordinator.agentResolved(AgentID(1), .integer(0), now: 1)) == [])
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [], "codex uses no id twice in one life")
        #expect(fixture.agentAsks(1, over: Fixture.bob) == ["show q2 to 2"])
    }

    @Test func onceExpiredItIsNotAskedAgain() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 1)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.expire("q1", now: 1_001)
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [])
    }

    @Test func anotherLifeOfTheAgentAsksAnew() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, agent: 1)
        #expect(fixture.agentAsks(0, over: Fixture.ann, agent: 2) == ["show q2 to 1"])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).contains { $0.hasPrefix("result 0") })
        #expect(fixture.coordinator.waiting.map(\.id) == ["q2"])
    }

    @Test func theIDOfAnotherLifeIsAnotherRequest() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, agent: 1)
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        #expect(fixture.agentAsks(0, over: Fixture.ann, agent: 2) == ["show q2 to 1"])
    }

    @Test func whatTheAgentSaysIsOverIsVoid() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(4, over: Fixture.ann)
        _ = fixture.agentAsks(4, over: Fixture.bob)
        let lines = fixture.lines(fixture.coordinator.agentResolved(AgentID(1), .integer(4), now: 1_100))
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""decision":"void","decidedAt":1100"#) })
        #expect(RejectionTests.reasons(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)) == ["void"])
        #expect(fixture.lines(fixture.coordinator.agentResolved(AgentID(1), .integer(5), now: 1)) == [])
    }

    @Test func anAgentThatEndsTakesItsOwnQuestionsAlong() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, agent: 1)
        _ = fixture.agentAsks(0, over: Fixture.ann, agent: 2)
        _ = fixture.ask(.command("ls"))
        #expect(fixture.lines(fixture.coordinator.agentEnded(AgentID(1), now: 1_100)).count == 1)
        #expect(fixture.coordinator.waiting.map(\.id).sorted() == ["q2", "q3"])
    }

    @Test(
        arguments: [
            ("item/commandExecution/requestApproval", "outsideSandbox"),
            ("item/fileChange/requestApproval", "outsideSandbox"),
            ("item/permissions/requestApproval", "outsideSandbox"), ("item/tool/requestUserInput", nil),
            ("mcpServer/elicitation/request", nil), ("what/comes/later", nil),
        ] as [(String, String?)])
    func whatLeavesTheSandboxIsMarkedAsTheGraverQuestion(_ method: String, _ asks: String?) {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        _ = fixture.agentAsks(0, over: Fixture.ann, method, ["threadId": "t", "sre": ["asks": "command"], "x": 1])
        let params = fixture.coordinator.waiting.first?.params
        #expect(params?["x"] == 1)
        // The server, not the agent, decides which approvals are about leaving the sandbox.
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
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        #expect(fixture.agentAsks(0, over: Fixture.ann, method) == ["expire q1 at 1500", "show q1 to 1"])
        #expect(fixture.lines(fixture.coordinator.expire("q1", now: 1_500)).contains(answer))
    }

    /// After a no, neither codex nor what else may take its helper's place writes the patch.
    @Test(arguments: ["item/fileChange/requestApproval", "item/commandExecution/requestApproval"])
    func aNoTakesTheGrantBack(_ method: String) {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        _ = fixture.ask(
            method.contains("file")
                ? .call(tool: "apply_patch", input: ["command": "*** Begin Patch\n*** Add File: /x\n+1\n*** End Patch"])
                : .command("ls"))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, method, ["threadId": "t", "turnId": "u", "itemId": "i"])
        #expect(fixture.coordinator.expire("q2", now: 2_500).map(\.line).contains("end start i in t"))
    }

    /// All clients that were asked have left: no connection can carry the answer until a client opens the thread.
    @Test func whatNobodyCouldAnswerInTimeIsAnsweredWhenTheAgentAsksAgain() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 500)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        fixture.coordinator.closed(Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        #expect(fixture.lines(fixture.coordinator.expire("q1", now: 1_500)) == [])
        let answer = #"result 0 over 2: {"decision":"decline"}"#
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [answer])
        #expect(fixture.agentAsks(0, over: Fixture.bob) == [], "once")
    }

    @Test func anAnswerToAnotherQuestionPassesAsItCame() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, "item/tool/requestUserInput")
        #expect(RejectionTests.reasons(fixture.answer("q1", "text", by: Fixture.ann)) == ["malformed"])
        #expect(
            fixture.answer("q1", ["answers": ["a": 1]], by: Fixture.ann).contains(
                #"result 0 over 1: {"answers":{"a":1}}"#))
        _ = fixture.agentAsks(1, over: Fixture.ann, "what/comes/later")
        let error: JSONValue = ["code": -32601, "message": "no"]
        let lines = fixture.lines(
            fixture.coordinator.settled(
                fixture.coordinator.answered("q2", .error(error), from: Fixture.ann, by: ClientContext(.local), now: 1))
        )
        #expect(lines.contains("error 1 over 1: \(error)"))
    }

    @Test func decisionsReachTheAgentInItsOwnWords() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        #expect(
            fixture.answer("q1", ["decision": "allow"], by: Fixture.ann).contains(
                #"result 0 over 1: {"decision":"accept"}"#))
        _ = fixture.agentAsks(1, over: Fixture.ann)
        let rule: JSONValue = ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]]
        #expect(
            fixture.answer("q2", ["decision": rule], by: Fixture.ann).contains(
                #"result 1 over 1: {"decision":\#(rule)}"#))
    }

    @Test func aSubscriberWhoWasNotAskedAnswersOverTheOneWhoWas() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann)
        #expect(
            fixture.answer("q1", ["decision": "accept"], by: Fixture.bob).contains(
                #"result 0 over 1: {"decision":"accept"}"#)
        )
    }

    @Test func aQuestionOfNoThreadIsForTheOneItWasPutTo() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.agentAsks(0, over: Fixture.ann, "account/chatgptAuthTokens/refresh", [:])
        #expect(RejectionTests.reasons(fixture.answer("q1", [:], by: Fixture.bob)) == ["forbidden"])
        #expect(fixture.answer("q1", ["token": "x"], by: Fixture.ann).contains(#"result 0 over 1: {"token":"x"}"#))
    }
}
