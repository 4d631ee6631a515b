import JSON
import Testing

@testable import ExecGrants

struct CommandTests {
    private func judge(
        _ call: ExecCall?, _ table: inout GrantTable, from caller: ExecGate.Caller = .agentChild, now: Double = 1
    ) -> ExecGate.Verdict {
        gate.judge(call, from: caller, &table, now: now)
    }

    @Test func whatWasGrantedStartsOnce() {
        var table = table(grant())
        #expect(judge(sandboxed(bash), &table) == .lookAt(launch(), isLauncher: true))
        #expect(judge(sandboxed(bash), &table).reason == "it was not approved")
    }

    @Test func nothingStartsWithoutAGrant() {
        var table = table()
        #expect(judge(sandboxed(bash), &table).reason == "it was not approved")
        #expect(judge(plain(bash), &table).reason == "it was not approved")
        #expect(judge(nil, &table).reason == "its arguments cannot be read")
    }

    @Test func aGrantIsForOneThreadAndOneCall() {
        var table = table(grant())
        #expect(judge(sandboxed(bash, thread: "other"), &table).reason != nil)
        #expect(judge(sandboxed(bash, call: "other"), &table).reason != nil)
        #expect(judge(sandboxed(bash, thread: nil, call: nil), &table).reason != nil)
        #expect(judge(sandboxed(bash), &table).isAdmitted)
    }

    @Test func aReviewStartsUnderItsSession() {
        var table = table(grant())
        var call = sandboxed(bash, thread: "review")
        call = ExecCall(
            path: call.path, arguments: call.arguments,
            environment: call.environment.merging(["CODEX_SESSION_ID": "t"]) { $1 }, isAgent: true)
        #expect(judge(call, &table).isAdmitted)
    }

    @Test func whatWasNotStartedEndsWithItsCallAndItsTurn() {
        var table = table(grant())
        table.revoke(thread: "t", call: "c")
        #expect(!judge(sandboxed(bash), &table).isAdmitted)
        table.add(
            CommandGrant(
                threadID: "t", callID: "c", turnID: "u",
                program: .script("ls", shells: CommandGrant.Shell.codexDefaults),
                directory: nil, width: .everything, mayUseNetwork: true, mayLeaveSandbox: true), now: 0)
        table.revoke(turn: "v")
        table.revoke(turn: "u")
        #expect(!judge(sandboxed(bash), &table).isAdmitted)
    }

    @Test func aGrantEnds() {
        var table = table(grant())
        #expect(!judge(sandboxed(bash), &table, now: GrantTable.lifetimeSeconds).isAdmitted)
    }

    @Test(arguments: [
        ["/bin/bash", "-lc", "ls "], ["/bin/bash", "-c", "ls"], ["/bin/sh", "-lc", "ls"], ["/bin/bash", "-lc"],
        ["/bin/bash", "-lc", "ls", "more"], ["/bin/bash", "-lc", "e\u{301}"],
    ])
    func anotherCommandDoesNotStart(_ words: [String]) {
        var table = table(grant(words.last == "e\u{301}" ? "é" : "ls"))
        #expect(judge(sandboxed(words), &table).reason == "another command was allowed")
    }

    @Test func theDirectoryIsPartOfTheGrant() {
        var table = table(grant())
        #expect(judge(sandboxed(bash, in: "/elsewhere"), &table).reason?.contains("/work") == true)
        var unknown = CommandTests.unknownDirectory
        #expect(judge(sandboxed(bash, in: "/elsewhere"), &unknown).isAdmitted)
    }

    private static var unknownDirectory: GrantTable { table(grant(directory: nil)) }

    @Test func theSandboxIsPartOfTheGrant() {
        var table = table(grant())
        #expect(judge(sandboxed(bash, profile: profile(root: "write")), &table).reason?.contains("wider") == true)
        #expect(judge(sandboxed(bash, profile: profile(paths: ["/"])), &table).reason?.contains("wider") == true)
        #expect(
            judge(sandboxed(bash, profile: profile(network: "enabled")), &table).reason?.contains("network") == true)
        #expect(judge(sandboxed(bash, profile: profile(denied: [])), &table).reason?.contains("readable") == true)
        #expect(judge(plain(bash), &table).reason?.contains("without the sandbox") == true)
        var readOnly = CommandTests.readOnly
        #expect(judge(sandboxed(bash), &readOnly).reason?.contains("wider") == true)
        #expect(judge(sandboxed(bash, profile: profile(paths: [])), &readOnly).isAdmitted)
    }

    private static var readOnly: GrantTable { table(grant(width: .readOnly)) }

    @Test func outsideTheSandboxWithAPersonsWord() {
        var wide = table(grant(leaves: true))
        #expect(judge(sandboxed(bash, profile: profile(root: "write", denied: [])), &wide).reason != nil)
        #expect(judge(sandboxed(bash, profile: profile(root: "write")), &wide).isAdmitted)
        wide = table(grant(leaves: true))
        #expect(judge(plain(bash), &wide) == .lookAt(launch(writable: nil), isLauncher: false))
    }

    @Test func theLaterGrantOfACallCounts() {
        var table = table(grant(), grant(leaves: true))
        #expect(judge(plain(bash), &table).isAdmitted)
        #expect(!judge(sandboxed(bash), &table).isAdmitted)
    }

    @Test(arguments: [
        "", "{}", #"{"type":"disabled"}"#, #"{"type":"managed","network":"restricted"}"#,
        #"{"type":"managed","file_system":{"type":"unrestricted"},"network":"restricted"}"#,
        #"{"type":"managed","file_system":{"type":"restricted","entries":[{"path":{"type":"new","path":"/"},"access":"write"}]},"network":"restricted"}"#,
        #"{"type":"managed","file_system":{"type":"restricted","entries":[]},"network":"proxied"}"#,
    ])
    func aProfileThatIsNotUnderstoodIsRefused(_ text: String) {
        var table = table(grant(leaves: true))
        #expect(judge(sandboxed(bash, profile: text), &table).reason?.contains("not known here") == true)
    }

    @Test func anOptionThatIsNotKnownIsRefused() {
        var table = table(grant())
        let call = sandboxed(bash)
        for option in ["--use-legacy-landlock", "--apply-seccomp-then-exec"] {
            let changed = ExecCall(
                path: call.path, arguments: [launcher, option, "x"] + call.arguments.dropFirst(),
                environment: call.environment, isAgent: true)
            #expect(judge(changed, &table).reason?.contains("not known here") == true)
        }
    }

    /// A file with the same name is not codex.
    @Test func anotherProgramIsNoLauncher() {
        var table = table(grant())
        #expect(judge(sandboxed(bash, isAgent: false), &table).reason != nil)
    }

    @Test func aCommandLineThatAClientAskedFor() {
        var table = GrantTable(denied: ["/secret"])
        table.add(
            CommandGrant(
                threadID: nil, callID: nil, program: .commandLine(["df", "-h"]), directory: "/work",
                width: .workspaceWrite, mayUseNetwork: false, mayLeaveSandbox: false), now: 0)
        #expect(!judge(sandboxed(["df"], thread: nil, call: nil), &table).isAdmitted)
        #expect(judge(sandboxed(["df", "-h"], thread: nil, call: nil), &table).isAdmitted)
        #expect(!judge(sandboxed(["df", "-h"], thread: nil, call: nil), &table).isAdmitted)
    }
}

struct ToolTests {
    private func call(
        _ name: String = "add", thread: String = "t", call: String = "c", server: String = "tiny.1"
    ) throws -> ToolCall {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 7, "method": "tools/call",
            "params": [
                "name": .string(name), "arguments": ["a": 1, "b": 2],
                "_meta": ["threadId": .string(thread), "callId": .string(call)],
            ],
        ]
        return try #require(ToolCall(message, server: server))
    }

    private var table: ToolGrantTable {
        var table = ToolGrantTable()
        table.add(
            ToolGrant(threadID: "t", callID: "c", name: "mcp__tiny_1__add", arguments: ["b": 2, "a": 1]), now: 0)
        return table
    }

    @Test func aCallIsMadeOnceForEachGrant() throws {
        var table = table
        #expect(table.take(try call(), now: 1))
        #expect(!table.take(try call(), now: 1))
    }

    @Test func anotherCallIsNotMade() throws {
        var table = table
        #expect(!table.take(try call("look"), now: 1))
        #expect(!table.take(try call(thread: "u"), now: 1))
        #expect(!table.take(try call(call: "d"), now: 1))
        #expect(!table.take(try call(server: "tiny"), now: 1))
        #expect(!table.take(try call(), now: GrantTable.lifetimeSeconds))
        let other: JSONValue = [
            "id": 7, "method": "tools/call",
            "params": ["name": "add", "arguments": ["a": 1, "b": 3], "_meta": ["threadId": "t", "callId": "c"]],
        ]
        #expect(!table.take(try #require(ToolCall(other, server: "tiny.1")), now: 1))
        #expect(table.take(try call(), now: 1))
    }

    /// The MCP server's session has ended, so codex makes the call again in a new one.
    @Test func aCallThatWasNotMadeIsMadeOnceMore() throws {
        var table = table
        table.giveBack(try call(), now: 1)
        #expect(table.take(try call(), now: 1))
        table.giveBack(try call("look"), now: 2)
        table.giveBack(try call(), now: 2)
        #expect(table.take(try call(), now: 3))
        table.giveBack(try call(), now: 4)
        #expect(!table.take(try call(), now: 5), "given back once")
    }

    @Test func nothingIsGivenBackAfterItsTurn() throws {
        var table = ToolGrantTable()
        let grant = ToolGrant(
            threadID: "t", callID: "c", turnID: "u", name: "mcp__tiny_1__add", arguments: ["b": 2, "a": 1])
        table.add(grant, now: 0)
        #expect(table.take(try call(), now: 1))
        table.revoke(turn: "u")
        table.giveBack(try call(), now: 2)
        #expect(!table.take(try call(), now: 3))
    }

    @Test func aGrantEndsWithItsTurn() throws {
        var table = ToolGrantTable()
        table.add(
            ToolGrant(
                threadID: "t", callID: "c", turnID: "u", name: "mcp__tiny_1__add", arguments: ["b": 2, "a": 1]), now: 0)
        table.revoke(turn: "v")
        table.revoke(turn: "u")
        #expect(!table.take(try call(), now: 1))
    }

    /// As codex 0.163 names the tool `a.dd` of a server that has `a-dd` too.
    @Test func aNameWithDigitsOfCodexIsNoApproval() throws {
        var table = ToolGrantTable()
        table.add(ToolGrant(threadID: "t", callID: "c", name: "mcp__tiny_1__a_dd_12f41546e5f7", arguments: [:]), now: 0)
        #expect(!table.take(try call("a.dd"), now: 1))
        #expect(table.takeOtherName(of: try call("a.dd", call: "d"), now: 1) == nil)
        #expect(table.takeOtherName(of: try call("a.dd"), now: 1) == "mcp__tiny_1__a_dd_12f41546e5f7")
        #expect(table.takeOtherName(of: try call("a.dd"), now: 1) == nil, "used up")
        var own = self.table
        #expect(own.takeOtherName(of: try call(), now: 1) == nil)
    }

    @Test func whatCallsNoToolPasses() {
        #expect(ToolCall(["id": 1, "method": "tools/list"], server: "s") == nil)
    }

    @Test func aCallOfAClientsOwnHasNoCallID() throws {
        var table = ToolGrantTable()
        table.add(
            ToolGrant(threadID: "t", callID: nil, server: "tiny.1", tool: "add", arguments: ["a": 1, "b": 2]), now: 0)
        #expect(!table.take(try call(), now: 1), "the model's own call")
        let own: JSONValue = [
            "id": 7, "method": "tools/call",
            "params": ["name": "add", "arguments": ["a": 1, "b": 2], "_meta": ["threadId": "t"]],
        ]
        #expect(table.take(try #require(ToolCall(own, server: "tiny.1")), now: 1))
    }
}
