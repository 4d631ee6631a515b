import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// Who may answer, and how much.
@Suite struct AnswerRoleTests {
    private static let permissions = "item/permissions/requestApproval"

    private static func floor(_ change: (inout Floor) -> Void) -> Room {
        var room = Room(followedBy: Room.ann)
        change(&room.desk.policy.floors[.approver])
        return room
    }

    @Test(arguments: [Role.viewer, .operator])
    func approvingNeedsAnApprover(_ role: Role) {
        for word in ["accept", "decline", "cancel", "acceptForSession"] {
            var room = Room(followedBy: Room.ann)
            _ = room.ask(.command("ls"))
            let lines = room.answer("q1", ["decision": .string(word)], by: Room.ann, as: .holder(role))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            #expect(lines[0].contains("needs the role approver; you are \(role.rawValue)"))
            #expect(room.desk.isWaiting("q1"))
        }
    }

    @Test func answeringTheAgentsQuestionsNeedsAnOperator() {
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, "item/tool/requestUserInput")
        #expect(
            RejectionTests.reasons(room.answer("q1", ["answers": [:]], by: Room.ann, as: .holder(.viewer))) == [
                "forbidden"
            ]
        )
        #expect(
            room.answer("q1", ["answers": [:]], by: Room.ann, as: .holder(.operator)).contains {
                $0.hasPrefix("result")
            })
    }

    /// Their words would run commands that their own thread had to ask about.
    @Test func anAnswerInWordsIsHeldAgainstTheFloor() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", .init(policy: .never))
        _ = room.agentAsks(0, over: Room.ann, "item/tool/requestUserInput")
        let lines = room.answer("q1", ["answers": [:]], by: Room.ann, as: .holder(.operator))
        #expect(RejectionTests.reasons(lines) == ["forbidden"])
        #expect(room.desk.isWaiting("q1"))
    }

    @Test func theFloorForbidsApprovalsThatLast() {
        for (name, answer): (String, JSONValue) in [
            ("sessionApprovals", ["decision": "acceptForSession"]),
            ("lastingApprovals", ["decision": ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": []]]]),
        ] {
            var room = Self.floor { $0.sessionApprovals = false }
            _ = room.agentAsks(0, over: Room.ann)
            let lines = room.answer("q1", answer, by: Room.ann, as: .holder(.approver))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            #expect(lines[0].contains("floor: \(name)"))
            #expect(
                room.answer("q1", ["decision": "accept"], by: Room.ann, as: .holder(.approver)).contains {
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
        var room = Room(followedBy: Room.ann)
        _ = room.agentAsks(0, over: Room.ann, Self.permissions, ["threadId": "t"])
        let lines = room.answer("q1", answer, by: Room.ann, as: .holder(.approver))
        #expect(RejectionTests.reasons(lines) == ["forbidden"] && lines[0].contains("floor: network"))
        #expect(!room.desk.someThreadHasNetwork)
        #expect(room.answer("q1", answer, by: Room.ann, as: .guest).contains { $0.hasPrefix("result 0") })
        #expect(room.desk.someThreadHasNetwork, "from now on being on this machine proves nothing")
    }

    @Test func aGrantForTheSessionLastsToo() {
        var room = Self.floor { $0.sessionApprovals = false }
        _ = room.agentAsks(0, over: Room.ann, Self.permissions, ["threadId": "t"])
        let session: JSONValue = ["permissions": [:], "scope": "session"]
        #expect(
            RejectionTests.reasons(room.answer("q1", session, by: Room.ann, as: .holder(.approver))) == ["forbidden"])
        let turn: JSONValue = ["permissions": [:], "scope": "turn"]
        #expect(room.answer("q1", turn, by: Room.ann, as: .holder(.approver)).contains { $0.hasPrefix("result 0") })
        #expect(!room.desk.someThreadHasNetwork)
    }

    @Test func acceptingWhatAsksForTheNetworkOpensIt() {
        for params: JSONValue in [
            ["threadId": "t", "networkApprovalContext": ["host": "example.com"]],
            ["threadId": "t", "additionalPermissions": ["network": ["enabled": true]]],
        ] {
            var room = Room(followedBy: Room.ann)
            _ = room.agentAsks(0, over: Room.ann, "item/commandExecution/requestApproval", params)
            let lines = room.answer("q1", ["decision": "accept"], by: Room.ann, as: .holder(.approver))
            #expect(RejectionTests.reasons(lines) == ["forbidden"])
            _ = room.answer("q1", ["decision": "decline"], by: Room.ann, as: .holder(.approver))
            #expect(!room.desk.someThreadHasNetwork)
        }
    }
}
