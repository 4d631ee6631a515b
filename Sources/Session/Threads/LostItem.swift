import JSON

/// An item that had started and was not seen to end before its agent ended.
struct LostItem: Sendable, Hashable {
    let started: StartedItem
    /// Did the thread have a subscriber all the time? If not, the item may have ended unseen.
    let wasWatched: Bool

    /// The params of `sre/outcomeUnknown`, also for clients that open the thread later.
    var notice: JSONValue {
        [
            "threadId": .string(started.threadID), "turnId": .string(started.turnID), "item": started.item,
            "message": .string(message),
        ]
    }

    /// The outcome, for the record.
    var outcome: JSONObject {
        var outcome = CompletedItem.outcome(of: started.item)
        outcome["status"] = "unknown"
        outcome["message"] = .string(message)
        return outcome
    }

    private var message: String { wasWatched ? Self.cutOff : Self.unseen }

    private static let cutOff =
        "The agent ended while this ran. It was approved and had begun; its outcome is unknown."
    private static let unseen =
        "The thread had no subscriber any more when this ran, and the agent has ended. It was approved and had begun; its "
        + "outcome is unknown."
}
