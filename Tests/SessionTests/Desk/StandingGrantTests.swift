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
        var room = Self.room(granting: input)
        #expect(room.ask(input, ticket: 2) == ["allow 2 \(input.toolInput)"])
        #expect(room.ask(input, ticket: 3) == ["allow 3 \(input.toolInput)"])
    }

    @Test(
        arguments: [
            (.command("ls -l"), .command("ls -la")), (.command("ls -l"), .command("ls  -l")),
            (.command("ls -l"), .command("ls -l ")),
            (.command("ls -l"), .command("ls -l; rm x")), (.command("ls -l"), .command("LS -l")),
            (.command("ls -l"), .command("ls -l", cwd: "/w/sub")), (.command("ls -l"), .command("ls -l", cwd: "/w/")),
            (.command("ls -l"), .command("ls -l", thread: "other")), (.command("ls -l"), .command("bash -lc 'ls -l'")),
            // It says something else beside its text.
            (.command("ls -l"), .command("ls -l", arguments: ["shell": "sh"])),
            (.command("ls -l", arguments: ["shell": "sh"]), .command("ls -l")),
            (.command("ls -l"), .command("ls -l", arguments: ["login": false])),
            (.command("ls -l"), .command("ls -l", arguments: ["of_a_later_codex": true])),
            (.command("ls -l"), .command("ls -l", arguments: nil)),
            // What looks the same, or reads the same in the question, is still another call.
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
        var room = Self.room(granting: granted)
        _ = room.desk.follow("other", by: Room.ann, change: .init(), now: 0)
        #expect(room.ask(other, ticket: 2).contains("show q2 to 1"))
    }

    @Test(arguments: ["accept", "decline", "cancel"])
    func noOtherDecisionStands(_ decision: String) {
        var room = Self.room(granting: .command("ls"), by: decision)
        #expect(room.ask(.command("ls"), ticket: 2) == ["show q2 to 1"])
    }

    @Test func aSubAgentOfTheThreadHasTheSameGrant() {
        var room = Self.room(granting: .command("ls"))
        #expect(room.ask(.command("ls", subAgent: "child"), ticket: 2) == [#"allow 2 {"command":"ls"}"#])
    }

    /// Two people answer the same command for the session at once: it rests on the answer that counted first.
    @Test func theRowNamesWhoseApprovalItRestsOn() throws {
        var room = Room(followedBy: Room.ann, Room.bob)
        _ = room.ask(.command("ls"), ticket: 1)
        _ = room.ask(.command("ls"), ticket: 2)
        let bob = Actor(.token(id: "7", name: "bob"), role: .approver)
        room.now = 2_000
        _ = room.answer("q2", ["decision": "acceptForSession"], by: Room.bob, as: bob)
        room.now = 3_000
        _ = room.answer("q1", ["decision": "acceptForSession"], by: Room.ann)
        room.now = 4_000
        room.desk.ended(.command("ls"))
        let effects = room.desk.hookAsked(.command("ls"), ticket: HookTicket(3), now: room.now)
        let row = try #require(effects.first?.row)
        #expect(row.kind == .decisionStanding && row.at == 4_000)
        #expect(row.actor == "bob" && row.role == "approver")
        #expect(row.details["approval"] == ["requestId": "q2", "decidedAt": 2_000])
        #expect(row.requestID == nil, "the row answers no question")
    }

    /// What was approved in a sandbox is not approved without one.
    @Test func itIsForItsSandbox() {
        var room = Self.room(granting: .command("ls"))
        _ = room.desk.changeMode("t", .init(sandbox: .dangerFullAccess))
        #expect(room.ask(.command("ls"), ticket: 2) == ["show q2 to 1"])
        _ = room.desk.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(room.ask(.command("ls"), ticket: 3) == [#"allow 3 {"command":"ls"}"#])
    }

    @Test func aTimeOutGrantsNothing() {
        var room = Room(followedBy: Room.ann, timeout: 1)
        _ = room.ask(.command("ls"))
        _ = room.desk.expire("q1", now: 1_001)
        #expect(room.ask(.command("ls"), ticket: 2).contains("show q2 to 1"))
    }

    private static func room(granting input: HookInput, by decision: String = "acceptForSession") -> Room {
        var room = Room(followedBy: Room.ann)
        _ = room.ask(input)
        _ = room.answer("q1", ["decision": .string(decision)], by: Room.ann)
        return room
    }
}
