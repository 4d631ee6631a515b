import ExecGrants
import JSON
@testable import Session
import Testing

/// A patch is shown as an item before its approval, and the item ends with the approval.
@Suite struct PatchQuestionTests {
    static let patch = HookInput.call(
        tool: "apply_patch",
        input: [
            "command": """
            *** Begin Patch
            *** Add File: new.txt
            +1
            *** Delete File: /etc/old
            *** Update File: a
            *** Move to: b
            @@
            -x
            *** End Patch
            """
        ])
    static let item = """
        {"type":"fileChange","id":"i","changes":[{"path":"/w/new.txt","kind":{"type":"add"},"diff":"1\\n"},\
        {"path":"/etc/old","kind":{"type":"delete"},"diff":"","sre":{"hidden":{"why":"unreadable"}}},\
        {"path":"/w/a","kind":{"type":"update","move_path":"/w/b"},"diff":"@@\\n-x","sre":{"hunks":[]}}],"status":"inProgress"}
        """

    @Test func theItemComesBeforeTheQuestion() throws {
        var fixture = Fixture(subscribers: Fixture.ann)
        let effects = fixture.coordinator.hookAsked(Self.patch, ticket: HookTicket(1), now: 1_000)
        #expect(fixture.lines(effects).count == 2)
        guard case .notify(Fixture.ann, "item/started", let params) = effects[0],
            case .show(let approval, Fixture.ann) = effects[1]
        else {
            Issue.record("\(fixture.lines(effects))")
            return
        }
        #expect(try params["item"] == JSONValue(parsing: Self.item))
        #expect(params["threadId"] == "t" && params["turnId"] == "u" && params["startedAtMs"] == 1_000)
        #expect(approval.method == "item/fileChange/requestApproval")
        #expect(approval.params["itemId"] == "i")
    }

    @Test(
        arguments: [
            (.text("a\nb\n"), "a\nb\n", nil), (.text(""), "", nil),
            (.hidden(.binary(bytes: 3)), "", ["hidden": ["why": "binary", "bytes": 3]]),
            (.hidden(.tooLong(bytes: 9)), "", ["hidden": ["why": "tooLong", "bytes": 9]]),
        ] as [(HookInput.PatchedFile.Content, String, JSONValue?)])
    func whatIsDeletedIsShown(_ content: HookInput.PatchedFile.Content, _ diff: String, _ sre: JSONValue?) {
        var input = Self.patch
        #expect(input.patchedPaths.map(\.path) == ["/w/new.txt", "/etc/old", "/w/a", "/w/b"])
        #expect(input.patchedPaths.map(\.losesContent) == [true, true, false, true])
        input.patchedFiles = ["/etc/old": .init(target: "/etc/old", content: content)]
        let change = HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]?[1]
        #expect(change?["diff"] == .string(diff))
        #expect(change?["sre"] == sre)
    }

    @Test func whatIsReplacedAndWhereLinksLeadIsShown() {
        var input = Self.patch
        input.patchedFiles = [
            "/w/new.txt": .init(target: "/w/Makefile", content: .text("all:\n")),
            "/w/b": .init(target: "/w/b", content: .hidden(.binary(bytes: 7))),
        ]
        let changes = HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]
        #expect(changes?[0]?["sre"] == ["replaces": "all:\n", "leadsTo": "/w/Makefile"])
        #expect(changes?[2]?["sre"] == ["hidden": ["why": "binary", "bytes": 7], "hunks": []])
    }

    @Test func linesAreNumberedWhereTheFileWasRead() {
        var input = Self.patch
        input.patchedFiles = ["/w/a": .init(target: "/w/a", content: nil, places: [.init(before: 7, after: 9), nil])]
        let changes = HookQuestion(input).itemStarted(for: input, at: 0)?["item"]?["changes"]
        #expect(changes?[2]?["sre"] == ["hunks": [[7, 9], nil]])
    }

    /// Otherwise the client would get an approval of a change that it cannot see.
    @Test func whoOpensTheThreadLaterIsShownTheItemToo() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.patch)
        _ = fixture.coordinator.opened(Fixture.bob)
        let effects = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)
        guard effects.count == 2, case .notify(Fixture.bob, "item/started", _) = effects[0],
            case .show(_, Fixture.bob) = effects[1]
        else {
            Issue.record("\(fixture.lines(effects))")
            return
        }
    }

    @Test(arguments: ["decline", "cancel"])
    func whatIsDeclinedEndsForAllWhoWereShownIt(_ decision: String) {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(Self.patch)
        let lines = fixture.answer("q1", ["decision": .string(decision)], by: Fixture.ann)
        Self.expectDeclined(lines, for: 1, 2)
    }

    @Test func soDoesWhatNobodyAnswered() {
        var fixture = Fixture(subscribers: Fixture.ann, timeout: 1)
        _ = fixture.ask(Self.patch)
        Self.expectDeclined(fixture.lines(fixture.coordinator.expire("q1", now: 1_001)), for: 1)
    }

    /// codex reports no item for a call that its hook stopped, so the item would stay open on the page.
    @Test func soDoesWhatWasStoppedWithItsTurn() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.patch)
        Self.expectDeclined(fixture.lines(fixture.coordinator.hookGone(HookTicket(1), now: 1_001)), for: 1)
    }

    @Test func soDoesItForWhoUnsubscribed() {
        var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob)
        _ = fixture.ask(Self.patch)
        fixture.coordinator.unsubscribe(from: "t", by: Fixture.bob)
        Self.expectDeclined(fixture.answer("q1", ["decision": "decline"], by: Fixture.ann), for: 1, 2)
    }

    @Test func whatIsAcceptedIsEndedByCodex() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.ask(Self.patch)
        let lines = fixture.answer("q1", ["decision": "accept"], by: Fixture.ann)
        #expect(!lines.contains { $0.contains("item/completed") })
        #expect(lines.contains("allow 1 \(Self.patch.toolInput)"))
    }

    private static func expectDeclined(_ lines: [String], for sessions: Int...) {
        for session in sessions {
            let ended = lines.filter { $0.hasPrefix("tell \(session) item/completed ") }
            #expect(ended.count == 1, "session \(session): \(lines)")
            #expect(ended.allSatisfy { $0.contains(#""status":"declined""#) && $0.contains(#""id":"i""#) })
        }
    }
}
