@testable import AuditLog
import AuditRecord
import JSON
import Testing

@Suite struct TimelineTests {
    private static func row(
        _ kind: AuditEntry.Kind, _ turn: String?, item: String? = nil, request: String? = nil, actor: String? = nil,
        thread: String? = "t", _ details: JSONObject = [:]
    ) -> AuditEntry {
        AuditEntry(
            kind, at: 1_000, actor: actor, actorID: actor.map { "token/\($0)" }, role: actor.map { _ in "operator" },
            address: "10.0.0.7", userAgent: "test", threadID: thread, turnID: turn, itemID: item, requestID: request,
            details: details)
    }

    /// Three turns of one thread, between rows of other threads and of none.
    private func makeLog(_ files: TemporaryLog) throws -> AuditLog {
        let log = try files.open()
        log.note(Self.row(.serverStarted, nil, thread: nil))
        log.note(Self.row(.threadOpened, nil, actor: "ann", ["cwd": "/srv"]))
        for turn in ["one", "two", "three"] {
            log.note(Self.row(.turnStarted, turn, actor: "ann", ["input": [["type": "text", "text": "hello"]]]))
            log.note(Self.row(.questionAsked, turn, item: "i", request: "q-\(turn)", ["params": ["command": "df"]]))
            log.note(Self.row(.turnStarted, "other", actor: "bob", thread: "u"))
            log.note(Self.row(.answerRejected, turn, request: "q-\(turn)", actor: "bob"))
            log.note(
                Self.row(.decision, turn, item: "i", request: "q-\(turn)", actor: "bob", ["decision": "accept"]))
            log.note(Self.row(.questionResolved, turn, item: "i", request: "q-\(turn)"))
            if turn == "three" { continue }
            log.note(Self.row(.itemCompleted, turn, item: "i", ["exitCode": 0]))
            log.note(Self.row(.turnCompleted, turn, ["status": "completed"]))
        }
        log.writeAndWait(Self.row(.sessionClosed, nil, thread: nil))
        return log
    }

    private func kinds(_ turn: JSONValue?) -> [String] {
        (turn?["events"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue }
    }

    @Test func turnsAreNewestFirstAndTheirRowsOldestFirst() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files)
        let timeline = try log.timeline(of: "t")
        #expect(timeline.next == nil)
        #expect(timeline.turns.map { $0["turnId"] } == ["three", "two", "one", .null])
        let two = timeline.turns[1]
        #expect(kinds(two) == ["turn.started", "question.asked", "decision", "item.completed", "turn.completed"])
        #expect(two["status"] == "completed" && two["startedAt"] == 1_000 && two["endedAt"] == 1_000)
        #expect(timeline.turns[0]["status"] == "inProgress" && timeline.turns[0]["endedAt"] == nil)
        #expect(kinds(timeline.turns[3]) == ["thread.opened"])
        let message = two["events"]?.arrayValue?.first
        #expect(message?["author"] == ["name": "ann", "id": "token/ann", "role": "operator"])
        for hidden in ["address", "userAgent", "threadId", "turnId", "actor"] { #expect(message?[hidden] == nil) }
        #expect(try log.timeline(of: "nobody's") == Timeline(turns: [], next: nil))
    }

    @Test(arguments: 1...12)
    func partsEndWithATurnAndMissNothing(_ limit: Int) throws {
        let files = try TemporaryLog()
        let log = try makeLog(files)
        let whole = try log.timeline(of: "t").turns.flatMap { ($0["events"]?.arrayValue ?? []).reversed() }
        var found: [JSONValue] = []
        var before: Int64?
        repeat {
            let part = try log.timeline(of: "t", before: before, limit: limit)
            let count = part.turns.reduce(0) { $0 + ($1["events"]?.arrayValue?.count ?? 0) }
            #expect(count > 0 && count <= limit)
            // Five rows are the most that a turn has here.
            if limit >= 5 { #expect(part.turns.allSatisfy { $0["turnId"] == .null || $0["startedAt"] != nil }) }
            if let next = part.next { #expect(before == nil || next < before!) }
            found += part.turns.flatMap { ($0["events"]?.arrayValue ?? []).reversed() }
            before = part.next
        } while before != nil
        #expect(found == whole)
    }

    /// The record has no rows for what was under way when the server was killed.
    @Test func aServerThatWasKilledLeavesUnknownOutcomes() throws {
        let files = try TemporaryLog()
        let log = try makeLog(files)
        log.note(Self.row(.questionAsked, "three", item: "j", request: "waits"))
        log.note(Self.row(.decisionByRule, "three", item: "k", ["decision": "accept", "input": ["command": "uptime"]]))
        log.note(Self.row(.decisionByRule, "three", item: "l", ["decision": "decline"]))
        log.writeAndWait(Self.row(.decision, "three", request: "n", actor: "bob", ["decision": "answered"]))
        #expect(try log.timeline(of: "t").turns[0]["status"] == "inProgress")
        log.writeAndWait(
            AuditEntry(.serverStarted, at: 7_000))
        let turn = try log.timeline(of: "t").turns[0]
        #expect(turn["status"] == "unknown" && turn["message"] != nil && turn["endedAt"] == nil, "\(turn)")
        let derived = (turn["events"]?.arrayValue ?? []).filter { $0["seq"] == nil }
        try #require(derived.map { $0["kind"] } == ["item.completed", "decision.void", "item.completed"])
        #expect(derived.map { $0["itemId"] } == ["i", "j", "k"])
        #expect(derived.allSatisfy { $0["at"] == 7_000 })
        #expect(derived[0]["details"]?["status"] == "unknown" && derived[1]["requestId"] == "waits")
        #expect(derived[2]["details"]?["command"] == "uptime")
        // A part that holds only the beginning of the turn does not know what follows.
        let first = try #require((turn["events"]?.arrayValue ?? []).first?["seq"]?.intValue)
        let start = try log.timeline(of: "t", before: first + 2).turns[0]
        #expect(
            start["turnId"] == "three" && start["status"] == nil && kinds(start) == ["turn.started", "question.asked"])
    }

    @Test func secretsAndTheirHashesAreHidden() throws {
        let files = try TemporaryLog()
        let log = try files.open()
        log.writeAndWait(
            Self.row(.questionAsked, "one", request: "q", ["params": ["command": "mysql --password=swordfish"]]))
        let shown = try log.timeline(of: "t").turns.description
        #expect(!shown.contains("swordfish") && shown.contains("[masked:hmac"))
        let forViewers = try log.timeline(of: "t", withoutHashes: true).turns.description
        #expect(!forViewers.contains("swordfish") && forViewers.contains("[masked]"))
        #expect(!forViewers.contains("hmac"))
    }
}
