import AuditRecord
import GRDB
public import JSON

/// A part of a thread's history: the rows that people need to follow it, grouped by turn.
public struct Timeline: Sendable, Hashable {
    /// Newest turn first; the elements of `data` in the response of `GET /api/v1/sre/threads/{id}/timeline`.
    public let turns: [JSONValue]
    /// Pass it as `before` to get the part before this one; nil if there is none.
    public let next: Int64?
}

extension Timeline {
    /// Selects the rows that it shows, in SQL. The plus keeps SQLite from using the index on `kind`.
    static let isShown = "+kind IN (\(kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"

    private static let kinds: [AuditEntry.Kind] = [
        .threadOpened, .turnStarted, .turnCompleted, .methodCalled, .questionAsked, .decision, .decisionByRule,
        .decisionByTimeout, .decisionVoid, .decisionStanding, .decisionUnattended, .itemCompleted, .alarm,
    ]

    /// Reads at most `limit` rows before `before`. Ends at the beginning of a turn if it can: only a turn that alone has
    /// more rows is continued by the next part.
    static func read(
        _ threadID: String, before: Int64?, limit: Int, withoutHashes: Bool, in database: Database
    ) throws -> Timeline {
        let query = AuditQuery(thread: threadID, condition: isShown, before: before)
        let rows = try query.newest(limit + 1, in: database)
        var events = rows.prefix(limit).map { TimelineEvent(withoutHashes ? $0.withoutHashes : $0) }
        let hasMore = rows.count > limit
        if hasMore { events.removeSubrange(end(of: events)...) }
        let turns = try grouped(events).map { turn in
            try turn.json(turn.readEnd(threadID: threadID, in: database))
        }
        return Timeline(turns: turns, next: hasMore ? events.last?.seq : nil)
    }

    /// Rows of a turn form one group, wherever they are; other rows form one with their neighbours.
    private static func grouped(_ events: [TimelineEvent]) -> [TimelineTurn] {
        var turns: [TimelineTurn] = []
        var indexes: [String: Int] = [:]
        for event in events {
            let index = event.turnID.map { indexes[$0] } ?? (turns.last?.id == nil ? turns.indices.last : nil)
            if let index {
                turns[index].events.insert(event, at: 0)
            } else {
                if let id = event.turnID { indexes[id] = turns.count }
                turns.append(TimelineTurn(id: event.turnID, events: [event]))
            }
        }
        return turns
    }

    /// How many of the rows, newest first, precede those of the oldest turn, which may not be complete. All of them if
    /// there is no other turn.
    private static func end(of events: [TimelineEvent]) -> Int {
        guard let oldest = events.last?.turnID, let start = events.firstIndex(where: { $0.turnID == oldest }), start > 0
        else { return events.count }
        return start
    }
}
