import JSON

/// Something that had started and was not seen to end when its agent ended.
struct LostItem: Sendable, Hashable {
    let started: StartedItem
    /// Has the thread had a subscriber all the time? Else it may have come to its end unseen.
    let wasWatched: Bool

    /// The parameters of `sre/outcomeUnknown`, also for those who come later.
    var notice: JSONValue {
        [
            "threadId": .string(started.threadID), "turnId": .string(started.turnID), "item": started.item,
            "message": .string(wasWatched ? Self.cutOff : Self.unseen),
        ]
    }

    private static let cutOff =
        "The agent ended while this ran. It was approved and had begun; its outcome is unknown."
    private static let unseen =
        "The thread had no subscriber any more when this ran, and the agent has ended. It was approved and had begun; its "
        + "outcome is unknown."
}
