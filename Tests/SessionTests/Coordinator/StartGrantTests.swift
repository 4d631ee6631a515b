import AuditRecord
import ExecGrants
import JSON
@testable import Session
import Testing

/// What the kernel gate and the MCP proxy are told to allow, and when.
@Suite struct StartGrantTests {
    private static func starts(_ effects: [ThreadCoordinator.Effect]) -> [StartGrant] {
        effects.compactMap { if case .allowStart(let grant) = $0 { grant } else { nil } }
    }

    private static func effects(
        of decision: JSONValue, to input: HookInput, mode: ThreadMode.Change = .init()
    ) -> [ThreadCoordinator.Effect] {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", mode)
        let asked = fixture.coordinator.hookAsked(input, ticket: HookTicket(1), now: 1)
        #expect(starts(asked).isEmpty, "nothing may start before somebody has decided")
        let answered = fixture.coordinator.answered(
            "q1", .result(["decision": decision]), from: Fixture.ann, by: ClientContext(.guest), now: 2)
        #expect(starts(answered).isEmpty, "nothing may start before the decision is on disk")
        return fixture.coordinator.settled(answered)
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
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.settled(fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        let item = JSONValue.string(HookInput.command("ls").toolUseID)
        _ = fixture.agentAsks(
            7, over: Fixture.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": item, "command": "ls"])
        let effects = fixture.coordinator.settled(
            fixture.coordinator.answered(
                "q2", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 2))
        guard case .command(let grant)? = Self.starts(effects).first else { throw Missing() }
        #expect(grant.mayLeaveSandbox)
    }

    @Test func noLeavesItInside() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.settled(fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        let item = JSONValue.string(HookInput.command("ls").toolUseID)
        _ = fixture.agentAsks(
            7, over: Fixture.ann, "item/commandExecution/requestApproval",
            ["threadId": "t", "itemId": item, "command": "ls"])
        let effects = fixture.coordinator.settled(
            fixture.coordinator.answered(
                "q2", .result(["decision": "decline"]), from: Fixture.ann, by: ClientContext(.guest), now: 2))
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

    // MARK: Items without a reported end

    private static func limits(_ effects: [ThreadCoordinator.Effect]) -> [String] {
        effects.compactMap { if case .limitStarts(let threadID) = $0 { threadID } else { nil } }
    }

    @Test func whatIsAllowedWithoutSubscribersIsLimited() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(Self.limits(Self.effects(of: "accept", to: .command("ls"))).isEmpty)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        let asked = fixture.coordinator.settled(
            fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(1), now: 1))
        #expect(Self.limits(asked).isEmpty && !Self.starts(asked).isEmpty)
        fixture.coordinator.unsubscribe(from: "t", by: Fixture.ann)
        fixture.coordinator.ended(.command("ls"))
        let unsubscribed = fixture.coordinator.settled(
            fixture.coordinator.hookAsked(.command("ls"), ticket: HookTicket(2), now: 1))
        #expect(Self.limits(unsubscribed) == ["t"] && !Self.starts(unsubscribed).isEmpty)
    }

    @Test(arguments: ["closed", "unsubscribe", "missedEvents"])
    func whatWasAllowedIsLimitedWhenTheLastSubscriberGoes(_ how: String) {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        func leave(_ session: SessionID) -> [ThreadCoordinator.Effect] {
            switch how {
            case "closed": fixture.coordinator.closed(session)
            case "unsubscribe": fixture.coordinator.unsubscribe(from: "t", by: session)
            default: fixture.coordinator.missedEvents(session)
            }
        }
        #expect(Self.limits(leave(Fixture.ann)).isEmpty)
        #expect(Self.limits(leave(Fixture.bob)) == ["t"])
        #expect(Self.limits(leave(Fixture.bob)).isEmpty)
    }

    @Test func aSubAgentsThreadIsSubscribedWithItsParent() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        let input = HookInput.command("ls", subAgent: "child")
        let asked = fixture.coordinator.settled(fixture.coordinator.hookAsked(input, ticket: HookTicket(1), now: 1))
        #expect(Self.limits(asked).isEmpty && !Self.starts(asked).isEmpty)
        #expect(Self.limits(fixture.coordinator.closed(Fixture.ann)) == ["child", "t"])
    }

    @Test func whatAnAgentLeavesBehindIsVoid() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(.local), of: AgentID(1), input: [], now: 0)
        func ended(_ agent: AgentID) -> [String] {
            fixture.coordinator.agentEnded(agent, now: 1).compactMap {
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
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(.guest), of: AgentID(1), input: [], now: 0)
        _ = fixture.coordinator.takeNotes()
        let refusal = ExecGate.Refusal(threadID: "t", callID: "i", command: "rm -r x", reason: "it was not approved")
        let lines = fixture.lines(fixture.coordinator.startStopped(refusal, now: 1))
        #expect(lines.contains("interrupt t u over 1"))
        #expect(
            lines.contains { $0.contains("sre/alarm") && $0.contains("rm -r x") && $0.contains(#""stopped":true"#) })
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.alarm])
    }

    @Test func alarmsDoNotFillTheRecord() {
        var fixture = Fixture(subscribers: Fixture.ann)
        let refusal = ExecGate.Refusal(threadID: nil, callID: nil, command: "x", reason: "")
        for _ in 0..<100 { _ = fixture.coordinator.startStopped(refusal, now: 1) }
        #expect(fixture.coordinator.takeNotes().count == 2)
        #expect(!fixture.coordinator.startStopped(refusal, now: 2_000).isEmpty)
    }

    @Test(arguments: [nil, "other", "unknown"])
    func aThreadsAlarmsDoNotHideAnothers(noisy: String?) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(.guest), of: AgentID(1), input: [], now: 0)
        _ = fixture.coordinator.turnBegan(
            "v", inThread: "other", by: ClientContext(.guest), of: AgentID(1), input: [], now: 0)
        _ = fixture.coordinator.takeNotes()
        let noise = ExecGate.Refusal(threadID: noisy, callID: nil, command: "x", reason: "")
        for _ in 0..<100 { _ = fixture.coordinator.startStopped(noise, now: 1) }
        #expect(fixture.coordinator.takeNotes().count == 2)
        let refusal = ExecGate.Refusal(threadID: "t", callID: "i", command: "rm -r x", reason: "it was not approved")
        #expect(fixture.lines(fixture.coordinator.startStopped(refusal, now: 1)).contains("interrupt t u over 1"))
        #expect(fixture.coordinator.takeNotes().map(\.threadID) == ["t"])
    }

    /// codex reports no item for quick commands whose exit looks like a sandbox denial.
    @Test(arguments: [false, true])
    func aCommandThatCodexDoesNotReportIsReported(_ isReported: Bool) throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(.local), of: AgentID(1), input: [], now: 0)
        _ = fixture.ask(.command("touch x"))
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        if isReported {
            let item: JSONValue = ["type": "commandExecution", "id": "i", "command": "touch x", "cwd": "/w"]
            let params: JSONValue = ["threadId": "t", "turnId": "u", "item": item]
            _ = fixture.coordinator.itemStarted(
                try #require(StartedItem(params: params)), by: AgentID(1), seenBy: Fixture.ann, now: 1)
        }
        #expect(fixture.coordinator.unreported(inTurn: "u", ofThread: "t") == (isReported ? [] : ["i"]))
        guard !isReported else { return }
        _ = fixture.coordinator.takeNotes()
        var started = StartedPrograms()
        _ = started.count(thread: "t", call: "i")
        let taken = started.take(thread: "t", call: "i")
        let tally = try #require(taken)
        let sent = fixture.coordinator.ranUnreported("i", inThread: "t", started: tally, now: 5).compactMap { effect in
            if case .notify(Fixture.ann, let method, let params) = effect { (method, params) } else { nil }
        }
        #expect(sent.map(\.0) == ["item/started", "item/completed"])
        #expect(sent.first?.1["item"]?["command"] == "/bin/bash -lc 'touch x'")
        #expect(sent.last?.1["sre"]?["outcome"] == "unknown")
        let row = try #require(fixture.coordinator.takeNotes().first)
        #expect(row.kind == .itemCompleted && row.itemID == "i" && row.details["status"] == "unknown")
        #expect(fixture.coordinator.unreported(inTurn: "u", ofThread: "t") == [])
    }
}
