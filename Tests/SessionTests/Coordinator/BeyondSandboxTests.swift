import JSON
import Policy
@testable import Session
import Testing

/// Permissions that a person has granted beyond the sandbox, and what runs unasked with them.
@Suite struct BeyondSandboxTests {
    private static let bob = Principal(.token(id: "7", name: "bob"), role: .admin)
    private static let write: JSONValue = ["fileSystem": ["write": ["/a"]]]

    /// Bob grants what the agent asks for.
    private static func give(_ fixture: inout Fixture, _ permissions: JSONValue = write, scope: JSONValue = "session") {
        let params: JSONValue = ["threadId": "t", "turnId": "u", "permissions": permissions]
        _ = fixture.agentAsks(7, over: Fixture.ann, Approval.permissions, params)
        let id = JSONValue.string(fixture.coordinator.waiting.last?.id ?? "")
        let lines = fixture.answer(id, ["permissions": permissions, "scope": scope], by: Fixture.ann, as: bob)
        #expect(lines.contains { $0.hasPrefix("result 7") })
    }

    private static func stand(_ fixture: inout Fixture, _ id: JSONValue, ticket: UInt64 = 1) {
        _ = fixture.ask(.command("ls"), ticket: ticket)
        _ = fixture.answer(id, ["decision": "acceptForSession"], by: Fixture.ann)
    }

    private static func isAsked(_ fixture: inout Fixture, turn: String = "u", ticket: UInt64) -> Bool {
        fixture.ask(.command("ls", turn: turn), ticket: ticket).contains { $0.hasPrefix("show") }
    }

    @Test func anApprovalInTheNarrowerSandboxDoesNotCountInTheWider() {
        var fixture = Fixture(subscribers: Fixture.ann)
        Self.stand(&fixture, "q1")
        Self.give(&fixture)
        #expect(Self.isAsked(&fixture, ticket: 2))
        _ = fixture.answer("q3", ["decision": "acceptForSession"], by: Fixture.ann)
        #expect(!Self.isAsked(&fixture, ticket: 3))
    }

    @Test func norDoesOneThatWasAskedBefore() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.command("ls"))
        Self.give(&fixture)
        _ = fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)
        #expect(Self.isAsked(&fixture, ticket: 2))
    }

    @Test func whatIsGrantedForATurnEndsWithIt() {
        var fixture = Fixture(subscribers: Fixture.ann)
        Self.stand(&fixture, "q1")
        Self.give(&fixture, scope: "turn")
        #expect(!Self.isAsked(&fixture, turn: "v", ticket: 2))
        #expect(Self.isAsked(&fixture, turn: "u", ticket: 3))
    }

    @Test(
        arguments: [
            (write, "session"), (write, "turn"), (["network": ["enabled": true]], "session"),
            (["fileSystem": ["read": ["/b"]]], "session"),
        ] as [(JSONValue, JSONValue)], [false, true])
    func nothingRunsUnaskedAfterTheGiversSignInHasEnded(_ given: (JSONValue, JSONValue), _ isUnattended: Bool) {
        var fixture = Fixture(subscribers: Fixture.ann)
        if isUnattended { _ = fixture.coordinator.changeMode("t", .init(policy: .never)) }
        Self.give(&fixture, given.0, scope: given.1)
        if !isUnattended { Self.stand(&fixture, "q2") }
        #expect(!Self.isAsked(&fixture, ticket: 2))
        fixture.coordinator.endStandingApprovals { $0.principal == Self.bob }
        let lines = fixture.ask(.command("ls"), ticket: 3)
        #expect(lines.contains { $0.hasPrefix("show") })
        #expect(fixture.coordinator.waiting.last?.params["sre"]?["asks"] == "outsideSandbox")
    }

    @Test func norAfterTheGiverHasLostTheRight() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        Self.give(&fixture)
        #expect(!Self.isAsked(&fixture, ticket: 2))
        fixture.coordinator.policy.floors[.admin].sessionApprovals = false
        #expect(Self.isAsked(&fixture, ticket: 3))
    }

    @Test func somebodyElseMayStandForIt() {
        var fixture = Fixture(subscribers: Fixture.ann)
        Self.give(&fixture)
        fixture.coordinator.endStandingApprovals { $0.principal == Self.bob }
        Self.stand(&fixture, "q2", ticket: 2)
        #expect(!Self.isAsked(&fixture, ticket: 3))
    }
}
