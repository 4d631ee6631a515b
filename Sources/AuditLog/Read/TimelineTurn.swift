import AuditRecord
import GRDB
import JSON

/// The rows of a turn, or rows that belong to no turn.
struct TimelineTurn: Sendable {
    /// What the record says about how the turn ended.
    enum End: Sendable {
        /// A row of another part of the timeline says how it ended, or the record does not know when it began.
        case notHere
        case completed(TimelineEvent)
        case running
        /// The server started again at this time without having recorded an end.
        case cutOff(at: Int64)
    }

    let id: String?
    /// Oldest first.
    var events: [TimelineEvent]

    func readEnd(threadID: String, in database: Database) throws -> End {
        guard let id, let newest = events.last?.seq else { return .notHere }
        if let completed = events.last(where: { $0.kind == .turnCompleted }) { return .completed(completed) }
        let known = try String.fetchSet(
            database,
            sql: "SELECT kind FROM entries WHERE thread_id = ? AND turn_id = ? AND +kind IN (?, ?)",
            arguments: [
                threadID, id, AuditEntry.Kind.turnStarted.rawValue, AuditEntry.Kind.turnCompleted.rawValue,
            ])
        guard known == [AuditEntry.Kind.turnStarted.rawValue] else { return .notHere }
        let later = try Int.fetchOne(
            database,
            sql: "SELECT 1 FROM entries WHERE thread_id = ? AND turn_id = ? AND seq > ? AND \(Timeline.isShown)",
            arguments: [threadID, id, newest])
        guard later == nil else { return .notHere }
        let restart = try Int64.fetchOne(
            database, sql: "SELECT at FROM entries WHERE kind = ? AND seq > ? ORDER BY seq LIMIT 1",
            arguments: [AuditEntry.Kind.serverStarted.rawValue, newest])
        return restart.map { .cutOff(at: $0) } ?? .running
    }

    func json(_ end: End) -> JSONValue {
        var turn = JSONObject()
        turn["turnId"] = id.map { .string($0) } ?? .null
        if let started = events.first(where: { $0.kind == .turnStarted }) {
            turn["startedAt"] = .number(JSONNumber(started.at))
        }
        var shown = events.map(\.json)
        switch end {
        case .notHere: break
        case .running: turn["status"] = "inProgress"
        case .completed(let event):
            turn["endedAt"] = .number(JSONNumber(event.at))
            turn["status"] = event.details["status"] ?? .null
            turn["message"] = event.details["message"]
        case .cutOff(let time):
            turn["status"] = "unknown"
            turn["message"] = "The server ended before it had recorded the end of this turn."
            shown += unfinished(at: time)
        }
        turn["events"] = .array(shown)
        return .object(turn)
    }

    /// What was under way when the server ended, in the form of the rows that it could no longer write.
    private func unfinished(at time: Int64) -> [JSONValue] {
        let decided = Set(events.filter(\.isDecision).compactMap(\.requestID))
        let completed = Set(events.filter { $0.kind == .itemCompleted }.compactMap(\.itemID))
        var seen: Set<String> = []
        return events.compactMap { event in
            if event.kind == .questionAsked, let requestID = event.requestID, !decided.contains(requestID) {
                return event.sequel(
                    .decisionVoid, at: time, ["message": "The server ended while this question waited."])
            }
            guard event.letsRun, let itemID = event.itemID, !completed.contains(itemID), seen.insert(itemID).inserted
            else { return nil }
            var details: JSONObject = [
                "status": "unknown",
                "message": "It was allowed to run, and the server ended before its outcome was known.",
            ]
            details["command"] = event.details["command"] ?? event.details["input"]?["command"]
            return event.sequel(.itemCompleted, at: time, details)
        }
    }
}

extension TimelineEvent {
    /// An event without a row, and so without `seq`.
    fileprivate func sequel(_ kind: AuditEntry.Kind, at time: Int64, _ details: JSONObject) -> JSONValue {
        var object: JSONObject = ["at": .number(JSONNumber(time)), "kind": .string(kind.rawValue)]
        object["itemId"] = itemID.map { .string($0) }
        if kind == .decisionVoid { object["requestId"] = requestID.map { .string($0) } }
        object["details"] = .object(details)
        return .object(object)
    }
}
