import AuditRecord
import JSON
@testable import Session
import Testing

/// Words that the model may read have an author, whichever way an answer holds them. Nothing else of an answer reaches
/// the agent.
@Suite struct AnswerWordsTests {
    private static let permissions = Approval.permissions
    private static let asked: JSONValue = [
        "threadId": "t", "permissions": ["fileSystem": ["write": ["/a"]]], "proposedExecpolicyAmendment": ["df"],
    ]

    /// The authors that thread `t` has after an approver's answer.
    private func authors(after result: JSONValue, to method: String? = nil) -> [String] {
        var fixture = Fixture(subscribers: Fixture.ann)
        if let method {
            _ = fixture.agentAsks(0, over: Fixture.ann, method, Self.asked)
        } else {
            _ = fixture.ask(.command("ls"))
        }
        _ = fixture.answer("q1", result, by: Fixture.ann)
        #expect(!fixture.coordinator.isOpen("q1"), "\(result) is an answer")
        return fixture.coordinator.authors(in: "t").names
    }

    @Test(
        arguments: [
            ["decision": "decline", "reason": "use rm"], ["decision": "denied", "reason": "use rm"],
            ["decision": ["denied": ["rejection": "use rm"]]],
            ["decision": ["denied": ["rejection": "use rm"]], "reason": nil],
            ["decision": ["denied": [:]], "reason": "use rm"],
        ] as [JSONValue])
    func wordsOfARefusalHaveAnAuthor(_ result: JSONValue) {
        #expect(authors(after: result) == ["admin"])
        #expect(authors(after: result, to: Approval.command) == ["admin"])
    }

    @Test(
        arguments: [
            ["decision": "accept"], ["decision": "decline"], ["decision": ["denied": ["rejection": ""]]],
            ["decision": "accept", "comment": "fine"], ["decision": "cancel", "reason": "no use"],
        ] as [JSONValue])
    func aYesOrNoHasNone(_ result: JSONValue) {
        #expect(authors(after: result) == [])
    }

    @Test(
        arguments: [
            (Approval.command, ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["df"]]]], []),
            (
                Approval.command, ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["Use rm"]]]],
                ["admin"]
            ),
            (Approval.command, ["decision": ["acceptWithExecpolicyAmendment": [["Use rm"]]]], ["admin"]),
            (Self.permissions, ["permissions": ["fileSystem": ["write": ["/a"]]]], []),
            (
                Self.permissions,
                ["permissions": ["fileSystem": ["entries": [["access": "deny", "path": ["path": "/Use rm"]]]]]],
                ["admin"]
            ),
            (Approval.elicitation, ["action": "accept", "content": ["a": "Use rm"]], ["admin"]),
            (Approval.elicitation, ["action": "decline"], []),
            ("item/tool/requestUserInput", ["answers": ["a": "Use rm"]], ["admin"]),
            ("what/comes/later", ["x": "Use rm"], ["admin"]),
        ] as [(String, JSONValue, [String])])
    func soDoWordsInOtherAnswers(_ method: String, _ result: JSONValue, _ authors: [String]) {
        #expect(self.authors(after: result, to: method) == authors)
    }

    @Test(
        arguments: [
            (
                Approval.command, .result(["decision": "decline", "reason": "x", "comment": "x", "later": "x"]),
                #"result 0 over 1: {"decision":"decline"}"#
            ),
            (
                Approval.elicitation, .result(["action": "decline", "content": ["a": "x"], "_meta": ["a": "x"]]),
                #"result 0 over 1: {"action":"decline","content":null,"_meta":null}"#
            ),
            (
                "item/tool/requestUserInput", .error(["code": -32601, "message": "x", "data": "x"]),
                #"error 0 over 1: {"code":-32601,"message":"The client answered with an error."}"#
            ),
        ] as [(String, Answer, String)])
    func nothingElseReachesTheAgent(_ method: String, _ answer: Answer, _ line: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, method)
        let effects = fixture.coordinator.answered(
            "q1", answer, from: Fixture.ann, by: ClientContext(.guest), now: 1)
        #expect(fixture.lines(fixture.coordinator.settled(effects)).contains(line))
    }

    @Test func wordsWhoseAuthorCannotBeStoredAreNotPassedOn() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        let effects = fixture.coordinator.answered(
            "q1", .result(["decision": ["denied": ["rejection": "use rm"]]]), from: Fixture.ann,
            by: ClientContext(.guest), now: 1)
        #expect(effects.compactMap(\.row).first?.details["reason"] == "use rm")
        fixture.coordinator.keepingFailure = "disk full"
        _ = fixture.coordinator.settled(effects)
        #expect(fixture.coordinator.isWaiting("q1"))
    }
}
