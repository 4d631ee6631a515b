import JSON
import Session
import Testing

/// Every spelling of a decision. Any other value decides nothing.
@Suite struct DecisionTests {
    @Test(
        arguments: [
            (["decision": "accept"], .accept), (["decision": "allow"], .accept), (["decision": "approved"], .accept),
            (["decision": "acceptForSession"], .acceptForSession),
            (["decision": "approved_for_session"], .acceptForSession),
            (["decision": "decline"], .decline(reason: nil)), (["decision": "deny"], .decline(reason: nil)),
            (["decision": "denied"], .decline(reason: nil)), (["decision": "timed_out"], .decline(reason: nil)),
            (["decision": "deny", "reason": "no"], .decline(reason: "no")),
            (["decision": "decline", "reason": nil], .decline(reason: nil)),
            (["decision": "cancel"], .cancel), (["decision": "abort"], .cancel),
            (["decision": ["denied": ["rejection": "too wide"]]], .decline(reason: "too wide")),
            (["decision": ["denied": [:]], "reason": "why"], .decline(reason: "why")),
            (["decision": "accept", "later": [1], "reason": "fine"], .accept),
        ] as [(JSONValue, Decision)])
    func spellings(_ result: JSONValue, _ decision: Decision) {
        #expect(Decision(result: result) == decision)
    }

    @Test(
        arguments: [
            [:], "accept", nil, true, [], ["accept"], ["decision": nil], ["decision": ""], ["decision": "Accept"],
            ["decision": "yes"], ["decision": true], ["decision": 1], ["decision": ["accept"]], ["decision": [:]],
            ["decision": ["accept": [:]]], ["decision": ["approved": [:]]], ["Decision": "accept"],
            ["decision": "accept", "reason": 1], ["decision": "decline", "reason": ["x"]],
            ["decision": ["denied": [:], "approved": [:]]], ["decision": "accept "],
            ["decision": ["decision": "accept"]],
        ] as [JSONValue])
    func anythingElseDecidesNothing(_ result: JSONValue) {
        #expect(Decision(result: result) == nil)
    }

    @Test(
        arguments: [
            (["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]], "acceptWithExecpolicyAmendment"),
            (["applyNetworkPolicyAmendment": ["host": "x"]], "applyNetworkPolicyAmendment"),
        ] as [(JSONValue, String)])
    func lastingRulesPassAsTheyCame(_ value: JSONValue, _ word: String) throws {
        let decision = try #require(Decision(result: ["decision": value]))
        #expect(decision.codexValue == value)
        #expect(decision.word == word)
    }

    @Test func aLastingRuleInTheOlderProtocolIsTranslated() throws {
        let value: JSONValue = ["approved_execpolicy_amendment": ["proposed_execpolicy_amendment": ["ls", "-l"]]]
        let decision = try #require(Decision(result: ["decision": value]))
        #expect(decision.codexValue == ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls", "-l"]]])
    }

    @Test(
        arguments: [
            (.accept, "accept"), (.acceptForSession, "acceptForSession"), (.decline(reason: "no"), "decline"),
            (.cancel, "cancel"),
        ] as [(Decision, String)])
    func codexHearsItsOwnWords(_ decision: Decision, _ word: String) {
        #expect(decision.codexValue == .string(word))
        #expect(decision.word == word)
    }
}
