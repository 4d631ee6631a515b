import JSON
@testable import Session
import Testing

/// A command runs in the directory that the person was shown, or the approval said that the directory is unknown.
@Suite struct DirectoryTests {
    @Test func theDirectoryOfTheCommandIsShownAndNotTheThreads() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.command(in: .known("/etc")))
        #expect(fixture.coordinator.waiting.first?.params["cwd"] == "/etc")
        #expect(fixture.coordinator.waiting.first?.params["sre"]?["directory"] == nil)
    }

    @Test func oneThatNobodyCanTellIsSaidToBeUnknownAndStandsForNothing() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.command(in: .unknown))
        let params = fixture.coordinator.waiting.first?.params
        #expect(params?["sre"]?["directory"] == "unknown")
        #expect(params?["availableDecisions"] == ["accept", "decline", "cancel"])
        #expect(
            RejectionTests.reasons(fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)) == [
                "forbidden"
            ])
        #expect(fixture.answer("q1", ["decision": "accept"], by: Fixture.ann).first == #"allow 1 {"command":"ls"}"#)
        #expect(fixture.ask(Self.command(in: .unknown), ticket: 2) == ["show q2 to 1"])
    }

    @Test func aStandingGrantIsForItsDirectory() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.command(in: .known("/etc")))
        _ = fixture.answer("q1", ["decision": "acceptForSession"], by: Fixture.ann)
        #expect(fixture.ask(Self.command(in: .known("/etc")), ticket: 2) == [#"allow 2 {"command":"ls"}"#])
        #expect(fixture.ask(Self.command(in: .known("/w")), ticket: 3) == ["show q2 to 1"])
        #expect(fixture.ask(Self.command(in: .unknown), ticket: 4) == ["show q3 to 1"])
    }

    @Test(arguments: [
        ("/etc", true), ("/etc/", true), ("/etc/./x/..", true), ("/w", false), ("/etc2", false), ("/", false),
    ])
    func aCommandThatStartsElsewhereIsStopped(_ cwd: String, _ isSame: Bool) {
        Self.expect(isSame, Self.command(in: .known("/etc")), startsAs: "ls", in: cwd)
    }

    @Test(arguments: [
        ("/bin/bash -lc ls", true), ("/usr/bin/bash -lc ls", true), ("bash -lc ls", true), ("ls", true),
        ("/bin/bash -c ls", false), ("/bin/sh -lc ls", false), ("/usr/bin/zsh -lc ls", false),
    ])
    func aCommandThatStartsInAnotherShellIsStopped(_ command: String, _ isGranted: Bool) {
        Self.expect(isGranted, .command("ls"), startsAs: command, in: "/w")
    }

    /// Starts an approved command in a directory: it continues, or its turn is stopped.
    private static func expect(
        _ isGranted: Bool, _ input: HookInput, startsAs command: String, in cwd: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(input)
        _ = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        let item: JSONValue = [
            "type": "commandExecution", "id": "i", "command": .string(command), "cwd": .string(cwd),
        ]
        guard let started = StartedItem(params: ["threadId": "t", "turnId": "u", "item": item]) else {
            Issue.record("an item that executes", sourceLocation: location)
            return
        }
        let lines = fixture.lines(fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.ann, now: 0))
        #expect(lines.isEmpty == isGranted, sourceLocation: location)
        #expect(isGranted || lines.first == "interrupt t u over 1", sourceLocation: location)
    }

    static let patch =
        "apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** Delete File: /b\n*** End Patch\nEOF"

    @Test func aPatchIsShownInTheDirectoryOfItsCommand() {
        var input = HookInput.command(Self.patch)
        input.directory = .known("/etc")
        #expect(HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]?[0]?["path"] == "/etc/a")
        #expect(HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]?[1]?["path"] == "/b")
    }

    /// The call is shown as a patch that says so, or as a command.
    @Test func aPatchWhoseDirectoryNobodyCanTellSaysSo() {
        var fixture = Fixture(subscribers: Fixture.ann)
        var input = HookInput.command(Self.patch)
        input.directory = .unknown
        _ = fixture.ask(input)
        #expect(fixture.coordinator.waiting.first?.params["sre"]?["directory"] == "unknown")
        let shown = HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]?[0]?["path"]
        #expect(shown != "/w/a")
    }

    private static func command(in directory: CommandDirectory) -> HookInput {
        var input = HookInput.command("ls")
        input.directory = directory
        return input
    }
}
