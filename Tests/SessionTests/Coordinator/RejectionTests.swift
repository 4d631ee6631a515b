import JSON
@testable import Session
import Testing

/// The sender of an unusable answer is told the reason, and a pending approval stays open.
@Suite struct RejectionTests {
    @Test(arguments: ["q9", 0, 1, nil, "", "Q1", ["q1"], "q1 "] as [JSONValue])
    func anUnknownIDIsUnknown(_ id: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(
            fixture.answer(id, ["decision": "accept"], by: Fixture.ann) == [
                """
                tell 1 sre/answerRejected {"requestId":\(id),"reason":"unknown",\
                "message":\(JSONValue.string("There is no question with the id \(id)."))}
                """
            ])
        #expect(fixture.coordinator.waiting.count == 1)
    }

    @Test(
        arguments: [
            nil, [:], "accept", ["decision": nil], ["decision": "yes"], ["decision": ["accept": true]],
            [["decision": "accept"]],
            ["decision": "accept", "reason": 7],
        ] as [JSONValue])
    func whatIsNoDecisionIsMalformedAndLeavesItWaiting(_ result: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(Self.reasons(fixture.answer("q1", result, by: Fixture.ann)) == ["malformed"])
        #expect(fixture.coordinator.waiting.map(\.id) == ["q1"])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func anErrorIsNoDecision() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        let error: JSONValue = ["code": -32601, "message": "unknown method"]
        let effects = fixture.coordinator.answered(
            "q1", .error(error), from: Fixture.ann, by: ClientContext(.local), now: 1)
        #expect(Self.reasons(fixture.lines(effects)) == ["malformed"])
        #expect(fixture.coordinator.waiting.count == 1)
    }

    @Test(
        arguments: [
            ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]],
            ["applyNetworkPolicyAmendment": ["x": 1]],
            ["approved_execpolicy_amendment": ["proposed_execpolicy_amendment": ["ls"]]],
        ] as [JSONValue])
    func theGateMakesNoLastingRules(_ decision: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        #expect(Self.reasons(fixture.answer("q1", ["decision": decision], by: Fixture.ann)) == ["forbidden"])
        #expect(fixture.coordinator.waiting.count == 1)
    }

    @Test func aSessionThatWasNotAskedMayNotAnswer() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        _ = fixture.coordinator.subscribe(to: "other", by: Fixture.bob, change: .init(), now: 0)
        _ = fixture.ask(.command("ls"))
        #expect(Self.reasons(fixture.answer("q1", ["decision": "accept"], by: Fixture.bob)) == ["forbidden"])
        #expect(
            Self.reasons(fixture.answer("q1", ["decision": "accept"], by: Fixture.cho, as: .local)) == ["forbidden"])
        #expect(fixture.coordinator.waiting.count == 1)
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.bob).first == #"allow 1 {"command":"ls"}"#)
    }

    @Test func whoComesSecondIsToldWhoAnsweredAndWhen() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"))
        _ = fixture.answer("q1", ["decision": "decline"], by: Fixture.ann, as: .local)
        fixture.now = 2_000
        let rejection = """
            sre/answerRejected {"requestId":"q1","reason":"resolved","message":"This was already answered (decline) \
            by local user.","decision":"decline","decidedBy":"local user","decidedAt":1000}
            """
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.bob) == ["tell 2 \(rejection)"])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann) == ["tell 1 \(rejection)"])
        #expect(Self.reasons(fixture.answer("q1", "nonsense", by: Fixture.bob)) == ["resolved"])
    }

    @Test func whoComesTooLateIsToldThatItExpired() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 10)
        _ = fixture.ask(.command("ls"))
        _ = fixture.coordinator.expire("q1", now: 1_010)
        let lines = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        #expect(Self.reasons(lines) == ["expired"])
        #expect(lines[0].contains(#""decidedAt":1010"#))
    }

    @Test func anAnswerToWhatIsGoneIsVoid() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        _ = fixture.coordinator.hookGone(HookTicket(1), now: 1_100)
        #expect(Self.reasons(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)) == ["void"])
    }

    @Test func whatIsOverIsRememberedForAThousandQuestions() {
        var fixture = Fixture(subscribers: Fixture.ann)
        for ticket in 1...1_001 as ClosedRange<UInt64> {
            _ = fixture.ask(.command("ls"), ticket: ticket)
            _ = fixture.answer(.string("q\(ticket)"), ["decision": "accept"], by: Fixture.ann)
        }
        #expect(Self.reasons(fixture.answer("q2", ["decision": "accept"], by: Fixture.ann)) == ["resolved"])
        #expect(Self.reasons(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)) == ["unknown"])
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
