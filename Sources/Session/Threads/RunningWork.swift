import Policy

/// Running work in a thread: turns that people have asked for, and items that execute something.
///
/// In shared mode every subscriber's connection reports starts and ends, each at its own time.
struct RunningWork: Sendable {
    struct RunningTurn: Sendable, Hashable {
        /// The principal that asked for the turn.
        let principal: Principal
        let agent: AgentID
        /// Has the thread had a subscriber all the time?
        var isWatched = true
    }

    struct RunningItem: Sendable, Hashable {
        let agent: AgentID
        let item: StartedItem
        /// Has the thread had a subscriber all the time?
        var isWatched = true
    }

    /// Identifies one use of an item id: a model may reuse the id.
    private struct CompletedID: Sendable, Hashable {
        let turnID: String
        let itemID: String
        let startedAt: Milliseconds?

        init(_ item: StartedItem) {
            turnID = item.turnID
            itemID = item.itemID
            startedAt = item.startedAt
        }
    }

    /// How many finished items are remembered per thread.
    static let completedLimit = 4_096
    /// How many items of unknown outcome are remembered per thread.
    static let lostLimit = 100

    /// By turn id.
    private(set) var turns: [String: RunningTurn] = [:]
    /// By item id.
    private(set) var items: [String: RunningItem] = [:]
    private var completed = RecentSet<CompletedID>(limit: completedLimit)
    /// Items that ran when their agent ended. codex itself has forgotten them, so their outcome is unknown.
    private(set) var lost: [LostItem] = []

    /// codex reports ends only to subscribers: from here on an end may go unseen.
    mutating func unwatch() {
        for id in items.keys { items[id]?.isWatched = false }
        for id in turns.keys { turns[id]?.isWatched = false }
    }

    // MARK: Turns

    mutating func began(_ turnID: String, by principal: Principal, of agent: AgentID) {
        turns[turnID] = RunningTurn(principal: principal, agent: agent)
    }

    /// Items of a turn without an end of their own end with it. Returns false if the turn was not started through this
    /// server, or had ended before.
    mutating func ended(_ turnID: String) -> Bool {
        for (id, running) in items where running.item.turnID == turnID {
            items[id] = nil
            completed.insert(CompletedID(running.item))
        }
        return turns.removeValue(forKey: turnID) != nil
    }

    /// Takes the turns that an ended agent left running, sorted by id.
    mutating func takeTurns(of agent: AgentID) -> [(id: String, turn: RunningTurn)] {
        let ended = turns.filter { $0.value.agent == agent }
        for id in ended.keys { turns[id] = nil }
        return ended.map { ($0.key, $0.value) }.sorted { $0.id < $1.id }
    }

    // MARK: Items

    /// Returns false if the item is already finished.
    mutating func started(_ item: StartedItem, by agent: AgentID) -> Bool {
        guard !completed.contains(CompletedID(item)) else { return false }
        if items[item.itemID]?.item != item { items[item.itemID] = RunningItem(agent: agent, item: item) }
        return true
    }

    /// Returns false if the item is not known to be running.
    mutating func completed(_ item: CompletedItem) -> Bool {
        guard let running = items.removeValue(forKey: item.itemID) else { return false }
        completed.insert(CompletedID(running.item))
        return true
    }

    /// Takes the items that an ended agent left running.
    mutating func takeItems(of agent: AgentID) -> [LostItem] {
        let left = items.values.filter { $0.agent == agent }.sorted { $0.item.itemID < $1.item.itemID }
        for running in left { items[running.item.itemID] = nil }
        let taken = left.map { LostItem(started: $0.item, wasWatched: $0.isWatched) }
        lost = (lost + taken).suffix(Self.lostLimit)
        return taken
    }
}
