import AuditRecord
import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// A decision is on disk before the agent gets it; an unrecorded decision grants nothing.
@Suite struct RecordTests {
    private var fixture = Fixture(subscribers: Fixture.ann, Fixture.bob, timeout: 100)

    init() { _ = fixture.ask(.command("ls")) }

    private mutating func answer(
        _ result: JSONValue, by session: SessionID = Fixture.ann, as principal: Principal = .guest
    )
        -> [ThreadCoordinator.Effect]
    {
        fixture.coordinator.answered(
            "q1", .result(result), from: session, by: ClientContext(principal, address: "192.0.2.1"), now: 5)
    }

    @Test mutating func nothingHappensUntilTheDecisionIsWritten() throws {
        let effects = answer(["decision": "accept", "comment": "looks fine"])
        #expect(effects.map(\.line) == ["record decision"])
        let entry = try #require(effects.first?.row)
        let pending = try #require(effects.compactMap(\.pending).first)
        #expect(entry.actor == "ann" && entry.role == "admin" && entry.address == "192.0.2.1")
        #expect(entry.requestID == "q1" && entry.threadID == "t" && entry.itemID == "i")
        #expect(entry.details["decision"] == "accept" && entry.details["comment"] == "looks fine")
        #expect(entry.details["command"] == "ls" && entry.details["askedAt"] == 1_000)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 9))
        #expect(lines.contains { $0.hasPrefix("allow 1") })
        #expect(fixture.coordinator.recorded(pending, failure: nil, now: 9).isEmpty, "once")
    }

    /// `decision` holds one word per kind of decision; further details are separate members.
    @Test(
        arguments: [
            (["acceptWithExecpolicyAmendment": ["execpolicy_amendment": ["df"]]], "acceptWithExecpolicyAmendment"),
            (
                ["applyNetworkPolicyAmendment": ["network_policy_amendment": ["host": "a.ex", "action": "allow"]]],
                "applyNetworkPolicyAmendment"
            ),
            (
                ["approved_execpolicy_amendment": ["proposed_execpolicy_amendment": ["df"]]],
                "acceptWithExecpolicyAmendment"
            ),
            (["denied": ["rejection": "too wide"]], "decline"),
        ] as [(JSONValue, JSONValue)])
    mutating func whatIsMoreThanAWordIsKeptWhole(_ decision: JSONValue, _ word: JSONValue) throws {
        _ = fixture.agentAsks(0, over: Fixture.ann)
        let result: JSONValue = ["decision": decision, "comment": "until Friday"]
        let effects = fixture.coordinator.answered(
            "q2", .result(result), from: Fixture.ann, by: ClientContext(.guest), now: 5)
        let entry = try #require(effects.compactMap(\.row).first)
        #expect(entry.details["decision"] == word && entry.details["answer"] == result)
    }

    @Test mutating func aWordIsKeptOnce() throws {
        let effects = answer(["decision": "approved", "comment": "fine"])
        let entry = try #require(effects.first?.row)
        #expect(entry.details["decision"] == "accept" && entry.details["answer"] == nil)
    }

    @Test mutating func meanwhileNobodyElseCanAnswer() {
        _ = answer(["decision": "accept"])
        #expect(RejectionTests.reasons(fixture.lines(answer(["decision": "decline"], by: Fixture.bob))) == ["resolved"])
        #expect(
            fixture.coordinator.waiting.isEmpty && fixture.coordinator.isOpen("q1"),
            "it may wait again: the webhook does not give up")
        #expect(fixture.coordinator.expire("q1", now: 200).isEmpty, "it has been answered")
        _ = fixture.coordinator.recorded(.approval("q1"), failure: nil, now: 6)
        #expect(!fixture.coordinator.isOpen("q1"))
    }

    @Test(arguments: ["accept", "acceptForSession"])
    mutating func whatCannotBeWrittenIsNotGranted(_ word: String) throws {
        let pending = try #require(answer(["decision": .string(word)]).first?.pending)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: "disk full", now: 9))
        #expect(lines.count == 2 && lines.contains("expire q1 at 1100"))
        #expect(RejectionTests.reasons(lines.filter { $0.hasPrefix("tell") }) == ["unrecorded"])
        #expect(fixture.coordinator.isWaiting("q1"))
        #expect(
            fixture.ask(.command("ls"), ticket: 2).allSatisfy { !$0.hasPrefix("allow") }, "no standing approval either")
    }

    @Test(arguments: ["decline", "cancel"])
    mutating func whatSaysNoNeedsNoRecord(_ word: String) throws {
        let pending = try #require(answer(["decision": .string(word)]).first?.pending)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: "disk full", now: 9))
        #expect(lines.contains { $0.hasPrefix("deny 1") })
    }

    /// A killed server would forget whose words the thread holds. A no without words is safe.
    @Test(
        arguments: [
            (["decision": "accept"], nil), (["decision": "decline"], nil),
            (["decision": "decline", "reason": "use the staging cluster"], "unrecorded"),
        ] as [(JSONValue, String?)])
    mutating func wordsWhoseAuthorCannotBeStoredAreNotPassedOn(_ result: JSONValue, _ rejection: String?) throws {
        let pending = try #require(answer(result).compactMap(\.pending).first)
        fixture.coordinator.keepingFailure = "disk full"
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 9))
        #expect(RejectionTests.reasons(lines.filter { $0.contains("answerRejected") }).first == rejection)
        #expect(fixture.coordinator.isWaiting("q1") == (rejection != nil))
    }

    @Test(
        arguments: [
            ("mcpServer/elicitation/request", ["action": "decline", "content": nil], true),
            ("mcpServer/elicitation/request", ["action": "cancel"], true),
            ("mcpServer/elicitation/request", ["action": "accept", "content": [:]], false),
            ("mcpServer/elicitation/request", [:], false),
            ("item/permissions/requestApproval", ["permissions": [:], "scope": "turn"], true),
            ("item/permissions/requestApproval", ["permissions": ["network": nil]], true),
            ("item/permissions/requestApproval", ["permissions": ["fileSystem": ["write": ["/a"]]]], false),
            ("item/permissions/requestApproval", [:], false), ("what/comes/later", [:], false),
        ] as [(String, JSONValue, Bool)])
    mutating func otherWaysToSayNoNeedNoRecordEither(_ method: String, _ result: JSONValue, _ isNo: Bool) throws {
        let params: JSONValue = ["threadId": "t", "permissions": ["fileSystem": ["write": ["/a"]]]]
        _ = fixture.agentAsks(0, over: Fixture.ann, method, params)
        let effects = fixture.coordinator.answered(
            "q2", .result(result), from: Fixture.ann, by: ClientContext(.holder(.admin)), now: 5)
        let pending = try #require(effects.compactMap(\.pending).first)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: "disk full", now: 9))
        #expect(
            lines.contains { $0.hasPrefix("result 0 over 1") } == isNo && fixture.coordinator.isWaiting("q2") != isNo)
    }

    @Test mutating func anErrorGrantsNothing() throws {
        _ = fixture.agentAsks(0, over: Fixture.ann, "what/comes/later")
        let effects = fixture.coordinator.answered(
            "q2", .error(["code": 1]), from: Fixture.ann, by: ClientContext(.guest), now: 5)
        let pending = try #require(effects.compactMap(\.pending).first)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: "disk full", now: 9))
        #expect(lines.contains { $0.hasPrefix("error 0 over 1") })
    }

    @Test mutating func whatIsGoneMeanwhileStaysGone() throws {
        let pending = try #require(answer(["decision": "accept"]).first?.pending)
        Self.isRejected(fixture.lines(fixture.coordinator.hookGone(HookTicket(1), now: 6)))
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.questionAsked, .decisionVoid, .answerRejected])
        #expect(fixture.coordinator.recorded(pending, failure: nil, now: 9).isEmpty)
    }

    @Test(arguments: [true, false])
    mutating func whatTheAgentGivesUpMeanwhileStaysGone(_ ends: Bool) throws {
        _ = fixture.agentAsks(0, over: Fixture.ann)
        let effects = fixture.coordinator.answered(
            "q2", .result(["decision": "accept"]), from: Fixture.ann, by: ClientContext(.guest), now: 5)
        let pending = try #require(effects.compactMap(\.pending).first)
        Self.isRejected(
            fixture.lines(
                ends
                    ? fixture.coordinator.agentEnded(AgentID(1), now: 6)
                    : fixture.coordinator.agentResolved(AgentID(1), .integer(0), now: 6)))
        #expect(fixture.coordinator.recorded(pending, failure: nil, now: 9).isEmpty)
    }

    /// The sender of the answer gets a rejection; every client is told that the approval is over.
    private static func isRejected(_ lines: [String]) {
        #expect(lines.contains { $0.contains("\"decision\":\"void\"") })
        #expect(RejectionTests.reasons(lines.filter { $0.hasPrefix("tell 1 sre/answerRejected") }) == ["void"])
    }

    @Test mutating func everyStepIsNoted() {
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.questionAsked])
        _ = fixture.coordinator.settled(answer(["decision": "nonsense"]))
        _ = fixture.coordinator.settled(answer(["decision": "accept"]))
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.answerRejected, .questionResolved])
        _ = fixture.ask(.command("ps"), ticket: 2)
        _ = fixture.coordinator.expire("q2", now: 2_000)
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.questionAsked, .decisionByTimeout])
        _ = fixture.ask(.command("ps"), ticket: 3)
        _ = fixture.coordinator.hookGone(HookTicket(3), now: 2_000)
        #expect(fixture.coordinator.takeNotes().map(\.kind) == [.questionAsked, .decisionVoid])
    }

    @Test mutating func whatCameOfItIsNotedOnce() throws {
        _ = fixture.coordinator.takeNotes()
        _ = fixture.coordinator.settled(answer(["decision": "accept"]))
        let item: JSONValue = [
            "type": "commandExecution", "id": "i", "command": "ls", "exitCode": 0, "durationMs": 12,
            "aggregatedOutput": "a\nb\n", "status": "completed",
        ]
        let params: JSONValue = ["threadId": "t", "turnId": "u", "item": item]
        let started = try #require(StartedItem(params: params)), completed = try #require(CompletedItem(params: params))
        _ = fixture.coordinator.itemStarted(started, by: AgentID(1), seenBy: Fixture.ann, now: 6)
        _ = fixture.coordinator.takeNotes()
        for _ in 1...2 { _ = fixture.coordinator.itemCompleted(completed, now: 7) }
        let notes = fixture.coordinator.takeNotes()
        #expect(notes.map(\.kind) == [.itemCompleted])
        #expect(notes[0].details["exitCode"] == 0 && notes[0].details["durationMs"] == 12)
        #expect(notes[0].digested == ["output": "a\nb\n"])
    }
}
