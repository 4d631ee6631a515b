import JSON
import JSONRPC
import Session
import Testing

/// Every spelling of `approvalPolicy`, and the value that codex gets.
@Suite struct ApprovalPolicyTests {
    @Test(
        arguments: [
            (nil, .everyCommand, "on-request"), (.null, .everyCommand, "on-request"),
            ("on-request", .everyCommand, "on-request"), ("onRequest", .everyCommand, "on-request"),
            ("untrusted", .everyCommand, "on-request"), ("unlessTrusted", .everyCommand, "on-request"),
            ("onFailure", .sandboxOnly, "on-request"), ("on-failure", .sandboxOnly, "on-request"),
            ("never", .never, "never"),
        ] as [(JSONValue?, ApprovalPolicy, JSONValue)])
    func spellings(_ spelling: JSONValue?, _ policy: ApprovalPolicy, _ codex: JSONValue) throws {
        #expect(try ApprovalPolicy(spelling) == policy)
        #expect(policy.codexValue == codex)
    }

    @Test(
        arguments: [(.everyCommand, false), (.granular([:]), false), (.sandboxOnly, true), (.never, true)]
            as [(ApprovalPolicy, Bool)])
    func onlyTwoLetCommandsRunUnasked(_ policy: ApprovalPolicy, _ isUnattended: Bool) {
        #expect(policy.isUnattended == isUnattended)
    }

    /// codex's response includes omitted members.
    @Test func theGranularFormPassesWithCodexsDefaults() throws {
        let policy = try ApprovalPolicy(
            JSONValue(parsing: #"{"granular":{"rules":true,"skill_approval":true,"later":1},"more":[]}"#))
        #expect(
            policy.codexValue.description
                == #"{"granular":{"rules":true,"skill_approval":true,"later":1,"request_permissions":false},"more":[]}"#
        )
        #expect(!policy.isUnattended)
    }

    @Test(
        arguments: [
            "", "Never", "NEVER", "always", "on_request", "onrequest", "never ", 0, false, [], ["never"], [:],
            ["granular": nil], ["granular": true], ["never": [:]],
        ] as [JSONValue])
    func anythingElseIsRefusedByName(_ value: JSONValue) {
        let error = #expect(throws: ErrorReply.self) { try ApprovalPolicy(value) }
        #expect(error?.code == .invalidParams)
        #expect(error?.message.hasPrefix("approvalPolicy \(value) is unknown.") == true)
    }
}
