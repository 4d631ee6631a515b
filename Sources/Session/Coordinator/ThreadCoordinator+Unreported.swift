import AuditRecord
public import ExecGrants
import JSON

/// Commands that ran but that codex does not report: it omits quick commands whose ending looks as if the sandbox had
/// denied them something.
extension ThreadCoordinator {
    /// The calls of a turn that may have run unreported: granted, and never reported.
    public func unreported(inTurn turnID: String, ofThread threadID: String) -> [String] {
        guard let record = threads[threadID] else { return [] }
        return record.commandGrants.filter { $1.turnID == turnID && !record.reportedItems.contains($0) }.keys.sorted()
    }

    /// The kernel saw the call start. Subscribers get the item that codex did not send, and the record gets its row.
    public mutating func ranUnreported(
        _ callID: String, inThread threadID: String, started: StartedPrograms.Tally, now: Milliseconds
    ) -> [Effect] {
        guard let grant = threads[threadID]?.commandGrants[callID], let turnID = grant.turnID,
            case .script(let text, let shells) = grant.program
        else { return [] }
        let params: JSONValue = [
            "threadId": .string(threadID), "turnId": .string(turnID), "startedAtMs": .number(JSONNumber(now)),
            "item": [
                "type": "commandExecution", "id": .string(callID),
                "command": .string(ShellWords.wrapped(text, in: shells)),
                "cwd": .string(grant.directory ?? ""), "source": "agent", "status": "inProgress", "commandActions": [],
                "processId": nil, "aggregatedOutput": nil, "exitCode": nil, "durationMs": nil,
            ],
        ]
        guard let item = StartedItem(params: params), let completed = CompletedItem(params: params) else { return [] }
        threads[threadID]?.reportedItems.insert(callID)
        var outcome = completed.outcome
        outcome["status"] = "unknown"
        outcome["message"] = "The agent has not reported its outcome."
        outcome["started"] = started.json
        note(
            AuditEntry(
                .itemCompleted, at: now, threadID: threadID, turnID: turnID, itemID: callID, details: outcome))
        return notifySubscribers(of: threadID, "item/started", params)
            + notifySubscribers(of: threadID, "item/completed", item.completionOfUnknownOutcome(at: now))
    }
}

extension StartedPrograms.Tally {
    var json: JSONValue {
        ["count": .number(JSONNumber(Int64(count))), "asNamedByTheProcess": .array(names.map { .string($0) })]
    }
}
