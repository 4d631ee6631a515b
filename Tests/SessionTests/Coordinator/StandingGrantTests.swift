import AuditRecord
import JSON
import Policy
@testable import Session
import Testing

/// "Approve for this session" means this exact call, in this directory, in this thread.
@Suite struct StandingGrantTests {
    static let patch = "*** Begin Patch\n*** Add File: a\n+1\n*** End Patch"

    @Test(
        arguments: [
            .command("ls -l"), .call(tool: "mcp__files__read", input: ["path": "/a"]),
            .call(tool: "apply_patch", input: ["command": .string(patch)]), .call(tool: "later", input: nil),
        ] as [HookInput])
    func theSameCallPassesUnasked(_ input: HookInput) {
        var fixture = Self.fixture(granting: input)
        #expect(fixture.ask(input, ticket: 2) == ["allow 2 \(input.toolInput)"])
        #expect(fixture.ask(input, ticket: 3) == ["allow 3 \(input.toolInput)"])
    }

    /// The same patch would now delete or replace other content than was shown.
    @Test(arguments: [
        "*** Begin Patch\n*** Delete File: /w/a\n*** End Patch",
        "*** Begin Patch\n*** Add File: /w/a\n+1\n*** End Patch",
    ])
    func aPatchOfAnotherFileAsksAgain(_ patch: String) {
        func input(_ content: String) -> HookInput {
            var input = HookInput.call(tool: "apply_patch", input: ["command": .string(patch)])
            input.patchedFiles = ["/w/a": .init(target: "/w/a", content: .text(content))]
            return input
        }
        var fixture = Self.fixture(granting: input("worthless"))
        #expect(fixture.ask(input("worthless"), ticket: 2).first?.hasPrefix("allow 2") == true)
        #expect(fixture.ask(input("precious"), ticket: 3).contains { $0.hasPrefix("show q2") })
    }

    @Test(
        arguments: [
            (.command("ls -l"), .command("ls -la")), (.command("ls -l"), .command("ls  -l")),
            (.command("ls -l"), .command("ls -l ")),
            (.command("ls -l"), .command("ls -l; rm x")), (.command("ls -l"), .command("LS -l")),
            (.command("ls -l"), .command("ls -l", cwd: "/w/sub")), (.command("ls -l"), .command("ls -l", cwd: "/w/")),
            (.command("ls -l"), .command("ls -l", thread: "other")), (.command("ls -l"), .command("bash -lc 'ls -l'")),
            // The call has a further argument.
            (.command("ls -l"), .command("ls -l", arguments: ["shell": "sh"])),
            (.command("ls -l", arguments: ["shell": "sh"]), .command("ls -l")),
            (.command("ls -l"), .command("ls -l", arguments: ["login": false])),
            (.command("ls -l"), .command("ls -l", arguments: ["of_a_later_codex": true])),
            (.command("ls -l"), .command("ls -l", arguments: nil)),
            // A call that looks the same, or is shown the same, is still another call.
            (.command("echo a\u{37E} rm x"), .command("echo a; rm x")),
            (.command("echo \u{1FEF}id\u{1FEF}"), .command("echo `id`")),
            (.command("rm \u{E9}"), .command("rm e\u{301}")),
            (.command(#"mcp files.rm {"path":"/a"}"#), .call(tool: "mcp__files__rm", input: ["path": "/a"])),
            (.command("tool later {}"), .call(tool: "later", input: [:])),
            (.call(tool: "mcp__a__b__c", input: [:]), .call(tool: "mcp__a__b_c", input: [:])),
            (
                .call(tool: "mcp__files__rm", input: ["path": "/a"]),
                .call(tool: "mcp__files__rm", input: ["path": "/b"])
            ),
            (.call(tool: "mcp__files__rm", input: ["n": 1]), .call(tool: "mcp__files__rm", input: ["n": "1"])),
            (
                .call(tool: "apply_patch", input: ["command": .string(patch)]),
                .call(tool: "apply_patch", input: ["command": "*** Begin Patch\n*** Add File: a\n+2\n*** End Patch"])
            ),
        ] as [(HookInput, HookInput)])
    func anyOtherCallIsAsked(_ granted: HookInput, _ other: HookInput) {
        var fixture = Self.fixture(granting: granted)
        _ = fixture.coordinator.subscribe(to: "other", by: Fixture.ann, change: .init(), now: 0)
        #expect(fixture.ask(other, ticket: 2).contains("show q2 to 1"))
    }

    @Test(arguments: ["accept", "decline", "cancel"])
    func noOtherDecisionStands(_ decision: String) {
        var fixture = Self.fixture(granting: .command("ls"), by: decision)
        #expect(fixture.ask(.command("ls"), ticket: 2) == ["show q2 to 1"])
    }

    @Test func aSubAgentOfTheThreadHasTheSameGrant() {
        var fixture = Self.fixture(granting: .command("ls"))
        #expect(fixture.ask(.command("ls", subAgent: "child"), ticket: 2) == [#"allow 2 {"command":"ls"}"#])
    }

    /// Two people approve the same command for the session at once: the standing grant rests on the first answer.
    @Test func theRowNamesWhoseApprovalItRestsOn() throws {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(.command("ls"), ticket: 1)
        _ = fixture.ask(.command("ls"), ticket: 2)
        let bob = Principal(.token(id: "7", name: "bob"), role: .approver)
        fixture.now = 2_000
        _ = fixture.answer("q2", ["decision": "acceptForSession"], by: Fixture.bob, as: bob)
        fixture.now = 3_000
        _ = fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)
        fixture.now = 4_000
        fixture.coordinator.ended(.command("ls"))
        let effects = fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(3), now: fixture.now)
        let row = try #require(effects.first?.row)
        #expect(row.kind == .decisionStanding && row.at == 4_000)
        #expect(row.actor == "bob" && row.role == "approver")
        #expect(row.details["approval"] == ["requestId": "q2", "decidedAt": 2_000])
        #expect(row.requestID == nil, "the row answers no question")
    }

    /// An approval inside a sandbox does not count without one.
    @Test func itIsForItsSandbox() {
        var fixture = Self.fixture(granting: .command("ls"))
        _ = fixture.coordinator.changeMode("t", .init(sandbox: .dangerFullAccess))
        #expect(fixture.ask(.command("ls"), ticket: 2) == ["show q2 to 1"])
        _ = fixture.coordinator.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(fixture.ask(.command("ls"), ticket: 3) == [#"allow 3 {"command":"ls"}"#])
    }

    @Test func aTimeOutGrantsNothing() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 1)
        _ = fixture.ask(.command("ls"))
        _ = fixture.coordinator.expire("q1", now: 1_001)
        #expect(fixture.ask(.command("ls"), ticket: 2).contains("show q2 to 1"))
    }

    private static func fixture(granting input: HookInput, by decision: String = "acceptForSession") -> Fixture {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(input)
        _ = fixture.answer("q1", ["decision": .string(decision)], by: Fixture.ann)
        return fixture
    }
}
