import JSON
@testable import Session
import Testing

/// An answer that cannot be used is told why, and a question that waits goes on waiting.
@Suite struct RejectionTests {
    @Test(arguments: ["q9", 0, 1, nil, "", "Q1", ["q1"], "q1 "] as [JSONValue])
    func anUnknownIDIsUnknown(_ id: JSONValue) {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(
            room.answer(id, ["decision": "accept"], by: Room.ann) == [
                """
                tell 1 sre/answerRejected {"requestId":\(id),"reason":"unknown",\
                "message":\(JSONValue.string("There is no question with the id \(id)."))}
                """
            ])
        #expect(room.desk.waiting.count == 1)
    }

    @Test(
        arguments: [
            nil, [:], "accept", ["decision": nil], ["decision": "yes"], ["decision": ["accept": true]],
            [["decision": "accept"]],
            ["decision": "accept", "reason": 7],
        ] as [JSONValue])
    func whatIsNoDecisionIsMalformedAndLeavesItWaiting(_ result: JSONValue) {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(Self.reasons(room.answer("q1", result, by: Room.ann)) == ["malformed"])
        #expect(room.desk.waiting.map(\.id) == ["q1"])
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func anErrorIsNoDecision() {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        let error: JSONValue = ["code": -32601, "message": "unknown method"]
        let effects = room.desk.answered("q1", .error(error), from: Room.ann, by: Caller(.local), now: 1)
        #expect(Self.reasons(room.lines(effects)) == ["malformed"])
        #expect(room.desk.waiting.count == 1)
    }

    @Test(
        arguments: [
            ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]],
            ["applyNetworkPolicyAmendment": ["x": 1]],
            ["approved_execpolicy_amendment": ["proposed_execpolicy_amendment": ["ls"]]],
        ] as [JSONValue])
    func theGateMakesNoLastingRules(_ decision: JSONValue) {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        #expect(Self.reasons(room.answer("q1", ["decision": decision], by: Room.ann)) == ["forbidden"])
        #expect(room.desk.waiting.count == 1)
    }

    @Test func aSessionThatWasNotAskedMayNotAnswer() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.opened(Room.bob)
        _ = room.desk.follow("other", by: Room.bob, change: .init(), now: 0)
        _ = room.ask(.command("ls"))
        #expect(Self.reasons(room.answer("q1", ["decision": "accept"], by: Room.bob)) == ["forbidden"])
        #expect(Self.reasons(room.answer("q1", ["decision": "accept"], by: Room.cho, as: .local)) == ["forbidden"])
        #expect(room.desk.waiting.count == 1)
        _ = room.desk.follow("t", by: Room.bob, change: .init(), now: 0)
        #expect(room.answer("q1", ["decision": "accept"], by: Room.bob).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func whoComesSecondIsToldWhoAnsweredAndWhen() {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"))
        _ = room.answer("q1", ["decision": "decline"], by: Room.ann, as: .local)
        room.now = 2_000
        let rejection = """
            sre/answerRejected {"requestId":"q1","reason":"resolved","message":"This was already answered (decline) \
            by local user.","decision":"decline","decidedBy":"local user","decidedAt":1000}
            """
        #expect(room.answer("q1", ["decision": "accept"], by: Room.bob) == ["tell 2 \(rejection)"])
        #expect(room.answer("q1", ["decision": "accept"], by: Room.ann) == ["tell 1 \(rejection)"])
        #expect(Self.reasons(room.answer("q1", "nonsense", by: Room.bob)) == ["resolved"])
    }

    @Test func whoComesTooLateIsToldThatItExpired() {
        var room = Room(followedBy: Room.ann, timeout: 10)
        _ = room.ask(.command("ls"))
        _ = room.desk.expire("q1", now: 1_010)
        let lines = room.answer("q1", ["decision": "accept"], by: Room.ann)
        #expect(Self.reasons(lines) == ["expired"])
        #expect(lines[0].contains(#""decidedAt":1010"#))
    }

    @Test func anAnswerToWhatIsGoneIsVoid() {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(.command("ls"))
        _ = room.desk.hookGone(HookTicket(1), now: 1_100)
        #expect(Self.reasons(room.answer("q1", ["decision": "accept"], by: Room.ann)) == ["void"])
    }

    @Test func whatIsOverIsRememberedForAThousandQuestions() {
        var room = Room(followedBy: Room.ann)
        for ticket in 1...1_001 as ClosedRange<UInt64> {
            _ = room.ask(.command("ls"), ticket: ticket)
            _ = room.answer(.string("q\(ticket)"), ["decision": "accept"], by: Room.ann)
        }
        #expect(Self.reasons(room.answer("q2", ["decision": "accept"], by: Room.ann)) == ["resolved"])
        #expect(Self.reasons(room.answer("q1", ["decision": "accept"], by: Room.ann)) == ["unknown"])
    }

    static func reasons(_ lines: [String]) -> [String] {
        lines.map { line in
            guard let start = line.firstIndex(of: "{"), line.contains("sre/answerRejected"),
                let params = try? JSONValue(parsing: String(line[start...]))
            else { return line }
            return params["reason"]?.stringValue ?? line
        }
    }
}
