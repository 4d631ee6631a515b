import AuditRecord
import ExecGate
import JSON
@testable import Session
import Testing

/// What the kernel and the MCP proxy are told may start, and when.
@Suite struct StartGrantTests {
    private static func starts(_ effects: [Desk.Effect]) -> [StartGrant] {
        effects.compactMap { if case .allowStart(let grant) = $0 { grant } else { nil } }
    }

    private static func effects(
        of decision: JSONValue, to input: HookInput, mode: ThreadMode.Change = .init()
    ) -> [Desk.Effect] {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", mode)
        let asked = room.desk.hookAsked(input, ticket: HookTicket(1), now: 1)
        #expect(starts(asked).isEmpty, "nothing may start before somebody has decided")
        let answered = room.desk.answered(
            "q1", .result(["decision": decision]), from: Room.ann, by: Caller(.guest), now: 2)
        #expect(starts(answered).isEmpty, "nothing may start before the decision is on disk")
        return room.desk.settled(answered)
    }

    @Test func anApprovedCommandMayStartBeforeCodexHearsOfIt() throws {
        let effects = Self.effects(of: "accept", to: .command("ls -l"))
        let start = try #require(effects.firstIndex { if case .allowStart = $0 { true } else { false } })
        let decided = try #require(effects.firstIndex { if case .decide = $0 { true } else { false } })
        #expect(start < decided)
        guard case .command(let grant)? = Self.starts(effects).first else { throw Missing() }
        #expect(grant.program == .script("ls -l", shells: CommandGrant.Shell.codexDefaults))
        #expect((grant.threadID, grant.callID) == ("t", HookInput.command("ls -l").toolUseID))
        #expect(!grant.mayLeaveSandbox && !grant.mayUseNetwork && grant.width == .workspaceWrite)
    }

    private struct Missing: Error {}

    @Test(arguments: ["decline", "cancel"] as [JSONValue])
    func aNoLetsNothingStart(_ decision: JSONValue) {
        #expect(Self.starts(Self.effects(of: decision, to: .command("ls"))).isEmpty)
    }

    @Test func theThreadsSandboxIsTheGrants() throws {
        let mode = ThreadMode.Change(sandbox: .readOnly)
        guard case .command(let grant)? = Self.starts(Self.effects(of: "accept", to: .command("ls"), mode: mode)).first
        else { throw Missing() }
        #expect(grant.width == .readOnly)
    }

    @Test func leavingTheSandboxTakesASecondYes() throws {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.settled(room.desk.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        let item = JSONValue.string(HookInput.command("ls").toolUseID)
        _ = room.agentAsks(
            7, over: Room.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": item, "command": "ls"])
        let effects = room.desk.settled(
            room.desk.answered("q2", .result(["decision": "accept"]), from: Room.ann, by: Caller(.guest), now: 2))
        guard case .command(let grant)? = Self.starts(effects).first else { throw Missing() }
        #expect(grant.mayLeaveSandbox)
    }

    @Test func noLeavesItInside() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.settled(room.desk.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        let item = JSONValue.string(HookInput.command("ls").toolUseID)
        _ = room.agentAsks(
            7, over: Room.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": item, "command": "ls"])
        let effects = room.desk.settled(
            room.desk.answered("q2", .result(["decision": "decline"]), from: Room.ann, by: Caller(.guest), now: 2))
        #expect(Self.starts(effects).isEmpty)
    }

    @Test func aPatchMayChangeWhatItShows() throws {
        let text =
            "*** Begin Patch\n*** Add File: a\n+one\n*** Update File: /x/b\n*** Move to: c\n one\n-two\n+2\n*** End Patch"
        let input = HookInput.call(tool: "apply_patch", input: ["command": .string(text)])
        guard case .patch(let grant)? = Self.starts(Self.effects(of: "accept", to: input)).first else {
            throw Missing()
        }
        let cwd = input.cwd
        #expect(grant.files.map(\.path) == ["\(cwd)/a", "/x/b"])
        #expect(grant.files[0].change == .add(content: Array("one\n".utf8)))
        let update = try #require(FileUpdate(diff: " one\n-two\n+2"))
        #expect(grant.files[1].change == .update(update, movedTo: "\(cwd)/c"))
    }

    @Test func aCommandThatHasAPatchInItIsNone() throws {
        let text = "cat <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF"
        let starts = Self.starts(Self.effects(of: "accept", to: .command(text)))
        #expect(starts.count == 1)
        guard case .command? = starts.first else { throw Missing() }
    }

    // MARK: Whose end nobody reports

    private static func limits(_ effects: [Desk.Effect]) -> [String] {
        effects.compactMap { if case .limitStarts(let threadID) = $0 { threadID } else { nil } }
    }

    @Test func whatIsAllowedWhileNobodyFollowsIsLimited() {
        var room = Room(followedBy: Room.ann)
        #expect(Self.limits(Self.effects(of: "accept", to: .command("ls"))).isEmpty)
        _ = room.desk.changeMode("t", .init(policy: .never))
        let asked = room.desk.settled(room.desk.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        #expect(Self.limits(asked).isEmpty && !Self.starts(asked).isEmpty)
        room.desk.unfollow("t", by: Room.ann)
        room.desk.ended(.command("ls"))
        let unfollowed = room.desk.settled(room.desk.hookAsked(.command("ls"), ticket: HookTicket(2), now: 1))
        #expect(Self.limits(unfollowed) == ["t"] && !Self.starts(unfollowed).isEmpty)
    }

    @Test(arguments: ["closed", "unfollow", "lookedAway"])
    func whatWasAllowedIsLimitedWhenTheLastFollowerGoes(_ how: String) {
        var room = Room(followedBy: Room.ann, Room.bob)
        func leave(_ session: SessionID) -> [Desk.Effect] {
            switch how {
            case "closed": room.desk.closed(session)
            case "unfollow": room.desk.unfollow("t", by: session)
            default: room.desk.lookedAway(session)
            }
        }
        #expect(Self.limits(leave(Room.ann)).isEmpty)
        #expect(Self.limits(leave(Room.bob)) == ["t"])
        #expect(Self.limits(leave(Room.bob)).isEmpty)
    }

    @Test func aSubAgentsThreadIsFollowedWithItsParent() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", .init(policy: .never))
        let input = HookInput.command("ls", subAgent: "child")
        let asked = room.desk.settled(room.desk.hookAsked(input, ticket: HookTicket(1), now: 1))
        #expect(Self.limits(asked).isEmpty && !Self.starts(asked).isEmpty)
        #expect(Self.limits(room.desk.closed(Room.ann)) == ["child", "t"])
    }

    @Test func whatAnAgentLeavesBehindIsVoid() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.turnBegan("u", inThread: "t", by: Caller(.local), of: AgentID(1), input: [], now: 0)
        func ended(_ agent: AgentID) -> [String] {
            room.desk.agentEnded(agent, now: 1).compactMap {
                if case .revokeStarts(let turnID) = $0 { turnID } else { nil }
            }
        }
        let (other, own) = (ended(AgentID(2)), ended(AgentID(1)))
        #expect(other == [] && own == ["u"])
    }

    @Test func aPatchInACommandIsOneToo() throws {
        let text = "cd sub && apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF"
        let starts = Self.starts(Self.effects(of: "accept", to: .command(text)))
        #expect(starts.count == 2)
        guard case .patch(let grant)? = starts.last else { throw Missing() }
        #expect(grant.files == [.init(path: "\(HookInput.command("").cwd)/sub/a", change: .delete)])
    }

    @Test func aStoppedProgramIsAnAlarmAndARow() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.turnBegan("u", inThread: "t", by: Caller(.guest), of: AgentID(1), input: [], now: 0)
        _ = room.desk.takeNotes()
        let refusal = ExecGate.Refusal(threadID: "t", callID: "i", command: "rm -r x", reason: "nobody has allowed it")
        let lines = room.lines(room.desk.startStopped(refusal, now: 1))
        #expect(lines.contains("interrupt t u over 1"))
        #expect(
            lines.contains { $0.contains("sre/alarm") && $0.contains("rm -r x") && $0.contains(#""stopped":true"#) })
        #expect(room.desk.takeNotes().map(\.kind) == [.alarm])
    }

    @Test func alarmsDoNotFillTheRecord() {
        var room = Room(followedBy: Room.ann)
        let refusal = ExecGate.Refusal(threadID: nil, callID: nil, command: "x", reason: "")
        for _ in 0..<100 { _ = room.desk.startStopped(refusal, now: 1) }
        #expect(room.desk.takeNotes().count == 2)
        #expect(!room.desk.startStopped(refusal, now: 2_000).isEmpty)
    }

    @Test(arguments: [nil, "other", "unknown"])
    func aThreadsAlarmsDoNotHideAnothers(noisy: String?) {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.turnBegan("u", inThread: "t", by: Caller(.guest), of: AgentID(1), input: [], now: 0)
        _ = room.desk.turnBegan("v", inThread: "other", by: Caller(.guest), of: AgentID(1), input: [], now: 0)
        _ = room.desk.takeNotes()
        let noise = ExecGate.Refusal(threadID: noisy, callID: nil, command: "x", reason: "")
        for _ in 0..<100 { _ = room.desk.startStopped(noise, now: 1) }
        #expect(room.desk.takeNotes().count == 2)
        let refusal = ExecGate.Refusal(threadID: "t", callID: "i", command: "rm -r x", reason: "nobody has allowed it")
        #expect(room.lines(room.desk.startStopped(refusal, now: 1)).contains("interrupt t u over 1"))
        #expect(room.desk.takeNotes().map(\.threadID) == ["t"])
    }

    /// codex keeps quick commands to itself whose end looks like a denial of the sandbox's.
    @Test(arguments: [false, true])
    func aCommandThatCodexDoesNotReportIsReported(_ isReported: Bool) throws {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.turnBegan("u", inThread: "t", by: Caller(.local), of: AgentID(1), input: [], now: 0)
        _ = room.ask(.command("touch x"))
        _ = room.answer("q1", ["decision": "accept"], by: Room.ann)
        if isReported {
            let item: JSONValue = ["type": "commandExecution", "id": "i", "command": "touch x", "cwd": "/w"]
            let params: JSONValue = ["threadId": "t", "turnId": "u", "item": item]
            _ = room.desk.itemStarted(
                try #require(StartedItem(params: params)), by: AgentID(1), seenBy: Room.ann, now: 1)
        }
        #expect(room.desk.unreported(inTurn: "u", ofThread: "t") == (isReported ? [] : ["i"]))
        guard !isReported else { return }
        _ = room.desk.takeNotes()
        var started = StartedPrograms()
        _ = started.count(thread: "t", call: "i")
        let taken = started.take(thread: "t", call: "i")
        let tally = try #require(taken)
        let sent = room.desk.ranUnreported("i", inThread: "t", started: tally, now: 5).compactMap { effect in
            if case .notify(Room.ann, let method, let params) = effect { (method, params) } else { nil }
        }
        #expect(sent.map(\.0) == ["item/started", "item/completed"])
        #expect(sent.first?.1["item"]?["command"] == "/bin/bash -lc 'touch x'")
        #expect(sent.last?.1["sre"]?["outcome"] == "unknown")
        let row = try #require(room.desk.takeNotes().first)
        #expect(row.kind == .itemCompleted && row.itemID == "i" && row.details["status"] == "unknown")
        #expect(room.desk.unreported(inTurn: "u", ofThread: "t") == [])
    }
}
