import JSON
@testable import Session
import Testing

/// A command that starts without a grant stops the turn and is reported to every client.
@Suite struct AlarmTests {
    @Test(arguments: ["commandExecution", "fileChange", "mcpToolCall", "collabAgentToolCall"])
    func whatNobodyWasAskedAboutIsStopped(_ kind: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        let lines = Self.start(&fixture, ["type": .string(kind), "id": "i"])
        #expect(lines.count == 3)
        #expect(lines[0] == "interrupt t u over 1")
        #expect(
            lines[1] == """
                tell 1 sre/alarm {"threadId":"t","itemId":"i",\
                "message":"A call runs that was never asked about: \(kind). The turn was stopped."}
                """)
        #expect(lines[2].hasPrefix("tell 2 sre/alarm "))
    }

    @Test func everySubscriberReportsItAndTheAlarmIsRaisedOnce() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        #expect(Self.start(&fixture, Self.command("ls")).count == 3)
        #expect(Self.start(&fixture, Self.command("ls"), over: Fixture.bob) == [])
    }

    @Test(arguments: ["ls -l", "/bin/bash -lc 'ls -l'", "bash -lc \"ls -l\""])
    func whatWasApprovedRunsWithoutAnAlarm(_ command: String) {
        var fixture = Self.fixture(granting: .command("ls -l"))
        #expect(Self.start(&fixture, Self.command(command)) == [])
    }

    @Test(arguments: [
        "ls -la", "ls", "bash -lc 'ls -l; rm x'", "ls -l\u{37E}", "env bash -lc 'ls -l'", "ls -l\n", "",
    ])
    func anotherCommandUnderItsIDIsStopped(_ command: String) {
        var fixture = Self.fixture(granting: .command("ls -l"))
        let lines = Self.start(&fixture, Self.command(command))
        #expect(lines.first == "interrupt t u over 1")
        #expect(lines.contains { $0.contains("Another command runs than the one that was approved: ") })
    }

    @Test func anotherItemIsStopped() {
        var fixture = Self.fixture(granting: .command("ls"))
        #expect(Self.start(&fixture, ["type": "commandExecution", "id": "other", "command": "ls"]).count == 2)
        #expect(Self.start(&fixture, Self.command("ls"), thread: "other").count == 2)
    }

    @Test func aDeclinedCommandThatRunsAllTheSameIsStopped() {
        var fixture = Self.fixture(granting: .command("ls"), by: "decline")
        #expect(Self.start(&fixture, Self.command("ls")).first == "interrupt t u over 1")
    }

    @Test func aPatchCoversNoCommand() {
        let patch = "*** Begin Patch\n*** Delete File: a\n*** End Patch"
        var fixture = Self.fixture(granting: .call(tool: "apply_patch", input: ["command": .string(patch)]))
        #expect(Self.start(&fixture, ["type": "fileChange", "id": "i"]) == [])
        #expect(Self.start(&fixture, Self.command("rm a")).first == "interrupt t u over 1")
    }

    @Test func anMCPCallIsCoveredByItsGrant() {
        var fixture = Self.fixture(granting: .call(tool: "mcp__files__read", input: [:]))
        #expect(Self.start(&fixture, ["type": "mcpToolCall", "id": "i", "tool": "read"]) == [])
    }

    private static let agent = "0199a0aa-0000-7000-8000-00000000000"

    private static func sent(_ tool: String, to receivers: [String]) -> JSONValue {
        [
            "type": "collabAgentToolCall", "id": "i", "tool": .string(tool), "senderThreadId": "t",
            "receiverThreadIds": .array(receivers.map { .string($0) }),
        ]
    }

    @Test(arguments: [
        ("send_input", "sendInput"), ("multi_agent_v1wait_agent", "wait"),
        ("collaborationfollowup_task", "followupTask"),
    ])
    func aCallOfAgentsIsCoveredByItsOwnGrant(tool: String, item: String) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(.call(tool: tool, input: ["message": "hello"]))
        #expect(Self.start(&fixture, Self.sent(item, to: [Self.agent + "1"])) == [])
    }

    /// A model may reuse the id of a call that needed no approval.
    @Test(
        arguments: [
            (HookInput.call(tool: "get_goal", input: [:]), sent("sendInput", to: [agent + "2"])),
            (.call(tool: "wait_agent", input: [:]), sent("sendInput", to: [agent + "2"])),
            (.call(tool: "get_goal", input: [:]), command("ls")),
            (.call(tool: "get_goal", input: [:]), ["type": "mcpToolCall", "id": "i", "tool": "read"]),
            (.call(tool: "get_goal", input: [:]), ["type": "fileChange", "id": "i"]),
        ] as [(HookInput, JSONValue)])
    func anotherItemUnderAnIDThatNeededNoApprovalIsStopped(_ asked: HookInput, _ item: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(fixture.ask(asked).contains { $0.contains("allow") })
        let lines = Self.start(&fixture, item)
        #expect(lines.contains("interrupt t u over 1") && lines.contains { $0.contains("was never asked about") })
    }

    @Test(
        arguments: [
            command("ls"), ["type": "fileChange", "id": "i"], sent("sendInput", to: [agent + "2"]),
        ] as [JSONValue])
    func anotherItemUnderTheIDOfAToolIsStopped(_ item: JSONValue) {
        var fixture = Self.fixture(granting: .call(tool: "mcp__files__read", input: [:]))
        #expect(Self.start(&fixture, item).contains { $0.contains("Something else runs than the tool") })
    }

    /// The words may be anybody's, so the addressed thread asks about everything, whatever its mode.
    @Test func aThreadThatIsAddressedUnaskedAsksAboutEverything() {
        var fixture = Fixture(subscribers: Fixture.ann)
        let other = Self.agent + "2"
        _ = fixture.coordinator.changeMode(other, .init(policy: .never))
        #expect(fixture.ask(.command("ls", thread: other)).contains { $0.contains("allow") })
        _ = Self.start(&fixture, Self.sent("sendInput", to: [other]))
        #expect(!fixture.ask(.command("rm", thread: other, item: "j", turn: "v")).contains { $0.contains("allow") })
    }

    @Test func aSubAgentsItemIsCoveredInItsOwnThread() {
        var fixture = Self.fixture(granting: .command("ls", subAgent: "child"))
        #expect(Self.start(&fixture, Self.command("ls"), thread: "child") == [])
        #expect(Self.start(&fixture, Self.command("ls"), thread: "t").count == 2)
    }

    @Test func whatPassesUnaskedIsCoveredToo() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: .never))
        _ = fixture.ask(.command("ls"))
        #expect(Self.start(&fixture, Self.command("ls")) == [])
    }

    @Test(
        arguments: [
            ["type": "agentMessage", "id": "i"], ["type": "reasoning", "id": "i"], ["type": "later", "id": "i"],
            ["type": "commandExecution", "id": "i", "command": "ls", "source": "userShell"],
            ["type": "commandExecution"], [:],
        ] as [JSONValue])
    func whatExecutesNothingOrIsThePersonsOwnIsNoItem(_ item: JSONValue) {
        #expect(StartedItem(params: ["threadId": "t", "turnId": "u", "item": item]) == nil)
    }

    static func fixture(granting input: HookInput, by decision: String = "accept") -> Fixture {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(input)
        _ = fixture.answer("q1", ["decision": .string(decision)], by: Fixture.ann)
        return fixture
    }

    private static func command(_ command: String) -> JSONValue {
        ["type": "commandExecution", "id": "i", "command": .string(command), "source": "agent"]
    }

    private static func start(
        _ fixture: inout Fixture, _ item: JSONValue, thread: String = "t", over session: SessionID = Fixture.ann
    ) -> [String] {
        let params: JSONValue = ["threadId": .string(thread), "turnId": "u", "item": item]
        guard let item = StartedItem(params: params) else { return ["not an item that executes"] }
        return fixture.lines(fixture.coordinator.itemStarted(item, by: AgentID(1), seenBy: session, now: 0))
    }
}
