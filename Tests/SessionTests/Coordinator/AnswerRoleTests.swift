import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// Which roles may answer, and with which decisions.
@Suite struct AnswerRoleTests {
    private static let permissions = "item/permissions/requestApproval"

    private static func floor(_ change: (inout Floor) -> Void) -> Fixture {
        var fixture = Fixture(subscribers: Fixture.ann)
        change(&fixture.coordinator.policy.floors[.approver])
        return fixture
    }

    @Test(arguments: [Role.viewer, .operator])
    func approvingNeedsAnApprover(_ role: Role) {
        for word in ["accept", "decline", "cancel", "acceptForSession"] {
            var fixture = Fixture(subscribers: Fixture.ann)
            _ = fixture.ask(.command("ls"))
            let lines = fixture.answer("q1", ["decision": .string(word)], by: Fixture.ann, as: .holder(role))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            #expect(lines[0].contains("needs the role approver; you are \(role.rawValue)"))
            #expect(fixture.coordinator.isWaiting("q1"))
        }
    }

    @Test func answeringTheAgentsQuestionsNeedsAnOperator() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, "item/tool/requestUserInput")
        #expect(
            RejectionTests.reasons(fixture.answer("q1", ["answers": [:]], by: Fixture.ann, as: .holder(.viewer))) == [
                "forbidden"
            ]
        )
        #expect(
            fixture.answer("q1", ["answers": [:]], by: Fixture.ann, as: .holder(.operator)).contains {
                $0.hasPrefix("result")
            })
    }

    /// The answer's words could run commands that the answering person's own thread would have to ask about.
    @Test func anAnswerInWordsIsCheckedAgainstTheFloor() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        _ = fixture.agentAsks(0, over: Fixture.ann, "item/tool/requestUserInput")
        let lines = fixture.answer("q1", ["answers": [:]], by: Fixture.ann, as: .holder(.operator))
        #expect(RejectionTests.reasons(lines) == ["forbidden"])
        #expect(fixture.coordinator.isWaiting("q1"))
    }

    @Test func theFloorForbidsApprovalsThatLast() {
        for (name, answer): (String, JSONValue) in [
            ("sessionApprovals", ["decision": "acceptForSession"]),
            ("lastingApprovals", ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": []]]]),
        ] {
            var fixture = Self.floor { $0.sessionApprovals = false }
            _ = fixture.agentAsks(0, over: Fixture.ann)
            let lines = fixture.answer("q1", answer, by: Fixture.ann, as: .holder(.approver))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            #expect(lines[0].contains("floor: \(name)"))
            #expect(
                fixture.answer("q1", ["decision": "accept"], by: Fixture.ann, as: .holder(.approver)).contains {
                    $0.hasPrefix("result 0")
                })
        }
    }

    @Test(
        arguments: [
            ["permissions": ["network": ["enabled": true]], "scope": "turn"],
            ["permissions": ["network": [:]], "scope": "turn"],
        ] as [JSONValue])
    func theFloorForbidsTheNetwork(_ answer: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        let asked: JSONValue = ["threadId": "t", "permissions": ["network": ["enabled": true]]]
        _ = fixture.agentAsks(0, over: Fixture.ann, Self.permissions, asked)
        let lines = fixture.answer("q1", answer, by: Fixture.ann, as: .holder(.approver))
        #expect(RejectionTests.reasons(lines) == ["forbidden"] && lines[0].contains("floor: network"))
        #expect(!fixture.coordinator.someThreadHasNetwork)
        #expect(fixture.answer("q1", answer, by: Fixture.ann, as: .guest).contains { $0.hasPrefix("result 0") })
        #expect(fixture.coordinator.someThreadHasNetwork, "from now on being on this machine proves nothing")
    }

    @Test func aGrantForTheSessionLastsToo() {
        var fixture = Self.floor { $0.sessionApprovals = false }
        _ = fixture.agentAsks(0, over: Fixture.ann, Self.permissions, ["threadId": "t"])
        let session: JSONValue = ["permissions": [:], "scope": "session"]
        #expect(
            RejectionTests.reasons(fixture.answer("q1", session, by: Fixture.ann, as: .holder(.approver))) == [
                "forbidden"
            ])
        let turn: JSONValue = ["permissions": [:], "scope": "turn"]
        #expect(
            fixture.answer("q1", turn, by: Fixture.ann, as: .holder(.approver)).contains { $0.hasPrefix("result 0") })
        #expect(!fixture.coordinator.someThreadHasNetwork)
    }

    @Test func acceptingWhatAsksForTheNetworkOpensIt() {
        for params: JSONValue in [
            ["threadId": "t", "networkApprovalContext": ["host": "example.com"]],
            ["threadId": "t", "additionalPermissions": ["network": ["enabled": true]]],
        ] {
            var fixture = Fixture(subscribers: Fixture.ann)
            _ = fixture.agentAsks(0, over: Fixture.ann, "item/commandExecution/requestApproval", params)
            let lines = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann, as: .holder(.approver))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            _ = fixture.answer("q1", ["decision": "decline"], by: Fixture.ann, as: .holder(.approver))
            #expect(!fixture.coordinator.someThreadHasNetwork)
        }
    }
}
