import AuditRecord
import ExecGrants
import JSON
import Policy
@testable import Session
import Testing

/// "Approve for this session" about leaving the sandbox: codex never asks about that command again, so the server asks
/// once the approval has ended.
@Suite struct SandboxExitTests {
    private static let ls = HookInput.command("ls -l")
    private static let bob = Principal(.token(id: "7", name: "bob"), role: .admin)

    /// Ann approves the command for the session, and bob that it leaves the sandbox.
    private static func fixture(exit decision: JSONValue = "acceptForSession") -> Fixture {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(ls)
        _ = fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)
        let params: JSONValue = ["threadId": "t", "itemId": .string(ls.toolUseID), "command": "ls -l"]
        _ = fixture.agentAsks(7, over: Fixture.bob, Approval.command, params)
        _ = fixture.answer("q2", ["decision": decision], by: Fixture.bob, as: bob)
        return fixture
    }

    private static let rule: JSONValue = ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["ls"]]]

    private struct Call {
        var row: AuditEntry?
        var mayLeave: Bool?
        var asks: JSONValue?
    }

    private static func call(
        _ fixture: inout Fixture, ticket: UInt64 = 9, end: ((ClientContext) -> Bool)? = nil
    ) -> Call {
        fixture.coordinator.ended(ls)
        let effects = fixture.coordinator.hookAsked(ls, ticket: HookTicket(ticket), now: 1)
        if let end { fixture.coordinator.endStandingApprovals(where: end) }
        var call = Call(row: effects.compactMap(\.row).first)
        for effect in fixture.coordinator.settled(effects) {
            if case .allowStart(.command(let grant)) = effect { call.mayLeave = grant.mayLeaveSandbox }
            if case .show(let approval, _) = effect { call.asks = approval.params["sre"]?["asks"] }
        }
        return call
    }

    @Test(arguments: ["acceptForSession", rule] as [JSONValue])
    func theRowNamesWhoLetItLeave(_ decision: JSONValue) throws {
        var fixture = Self.fixture(exit: decision)
        let call = Self.call(&fixture)
        #expect(call.mayLeave == true)
        let row = try #require(call.row)
        #expect(row.kind == .decisionStanding && row.actor == "bob" && row.details["leavesSandbox"] == true)
        #expect(row.details["approval"]?["requestId"] == "q2")
    }

    @Test(arguments: ["acceptForSession", rule] as [JSONValue])
    func itEndsWithTheSignInOfItsGiver(_ decision: JSONValue) throws {
        var fixture = Self.fixture(exit: decision)
        fixture.coordinator.endStandingApprovals { $0.principal == Self.bob }
        #expect(Self.call(&fixture).asks == "outsideSandbox")
        // Whoever approves that stands for it from then on.
        _ = fixture.answer("q3", ["decision": "acceptForSession"], by: Fixture.ann)
        let call = Self.call(&fixture, ticket: 10)
        #expect(call.mayLeave == true && call.row?.actor == "ann")
    }

    @Test(arguments: [("acceptForSession", false), (rule, true)] as [(JSONValue, Bool)])
    func itEndsWithTheRightOfItsGiver(_ decision: JSONValue, _ isLasting: Bool) {
        var fixture = Self.fixture(exit: decision)
        if isLasting {
            fixture.coordinator.policy.floors[.admin].lastingApprovals = false
        } else {
            fixture.coordinator.policy.floors[.admin].sessionApprovals = false
        }
        #expect(Self.call(&fixture).asks == "outsideSandbox")
    }

    @Test func aThreadThatAsksNothingAsksThenToo() {
        var fixture = Self.fixture()
        fixture.coordinator.policy.floors[.admin].approvalPolicy = .never
        _ = fixture.coordinator.changeMode("t", .init(policy: .sandboxOnly))
        let before = Self.call(&fixture)
        #expect(before.row?.kind == .decisionUnattended && before.row?.actor == "bob" && before.mayLeave == true)
        fixture.coordinator.endStandingApprovals { $0.principal == Self.bob }
        #expect(Self.call(&fixture, ticket: 10).asks == "outsideSandbox")
    }

    @Test func whoseSignInEndsWhileTheRowIsWrittenLetsNothingRun() {
        var fixture = Self.fixture()
        let call = Self.call(&fixture) { $0.principal == Self.bob }
        #expect(call.row != nil && call.mayLeave == nil)
    }

    /// The question was about the command, before anybody let it leave the sandbox.
    @Test func anOlderQuestionLetsNothingLeave() {
        var fixture = Fixture(subscribers: Fixture.ann)
        let other = HookInput.command("ls -l", item: "other")
        _ = fixture.coordinator.hookAsked(other, ticket: HookTicket(2), now: 1)
        _ = fixture.ask(Self.ls)
        _ = fixture.answer("q2", ["decision": "accept"], by: Fixture.ann)
        let params: JSONValue = ["threadId": "t", "itemId": .string(Self.ls.toolUseID), "command": "ls -l"]
        _ = fixture.agentAsks(7, over: Fixture.ann, Approval.command, params)
        _ = fixture.answer("q3", ["decision": "acceptForSession"], by: Fixture.ann, as: Self.bob)
        fixture.coordinator.endStandingApprovals { $0.principal == Self.bob }
        let effects = fixture.coordinator.answered(
            "q1", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 1)
        let starts = fixture.coordinator.settled(effects).compactMap { effect -> Bool? in
            if case .allowStart(.command(let grant)) = effect { grant.mayLeaveSandbox } else { nil }
        }
        #expect(starts == [false])
    }

    // MARK: Prefixes

    private static func grant(_ text: String) -> CommandGrant {
        CommandGrant(
            threadID: "t", callID: "i", program: .script(text, shells: []), directory: nil, width: .readOnly,
            mayUseNetwork: false, mayLeaveSandbox: false)
    }

    private static func exits(_ prefixes: [[String]]) -> SandboxExits {
        var exits = SandboxExits()
        let basis = ThreadRecord.StandingBasis(
            client: ClientContext(.guest), requestID: "q", actor: nil, actorID: nil, role: nil, at: 0)
        for prefix in prefixes {
            let words = JSONValue.array(prefix.map { .string($0) })
            exits.add(amendment: ["acceptWithExecpolicyAmendment": ["execpolicy_amendment": words]], on: basis)
        }
        return exits
    }

    @Test(
        arguments: [
            ("git push", true), ("git push  origin", true), ("git pull", false), ("git", false), (" git\npush", true),
            ("df", true), ("dfx", false), ("", false),
        ] as [(String, Bool)])
    func aPrefixIsTheFirstWords(_ text: String, _ isCovered: Bool) {
        #expect(Self.exits([["git", "push"], ["df"]]).covers(Self.grant(text)) == isCovered)
    }

    @Test func aLongCommandTakesNoLongerThanItsLength() {
        let long = Self.grant(String(repeating: "a | ", count: 250_000))
        let exits = Self.exits([["git", "push"], Array(repeating: "b", count: SandboxExits.longestPrefix)])
        let time = ContinuousClock().measure {
            #expect(!SandboxExits().covers(long) && !exits.covers(long))
        }
        #expect(time < .seconds(2), "all its prefixes would take hours")
    }

    @Test func aPrefixOfTooManyWordsIsNone() {
        let words = Array(repeating: "b", count: SandboxExits.longestPrefix + 1)
        #expect(!Self.exits([words]).covers(Self.grant(words.joined(separator: " "))))
    }
}
