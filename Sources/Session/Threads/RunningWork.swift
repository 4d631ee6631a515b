import Policy

/// What runs in a thread: turns that people have asked for, and items that execute something.
///
/// In shared mode every subscriber's connection reports starts and ends, each at its own time.
struct RunningWork: Sendable {
    struct RunningTurn: Sendable, Hashable {
        /// Who asked for it.
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

    /// A model may use an id again.
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

    /// How many items that are over are remembered per thread.
    static let completedLimit = 4_096
    /// How many items of unknown outcome are remembered per thread.
    static let lostLimit = 100

    /// By their ids.
    private(set) var turns: [String: RunningTurn] = [:]
    /// By their ids.
    private(set) var items: [String: RunningItem] = [:]
    private var completed = RecentSet<CompletedID>(limit: completedLimit)
    /// Those that ran when their agent ended. codex itself has forgotten them; nobody knows what they did.
    private(set) var lost: [LostItem] = []

    /// codex tells only subscribers what ends: from here on that may pass unseen.
    mutating func unwatch() {
        for id in items.keys { items[id]?.isWatched = false }
        for id in turns.keys { turns[id]?.isWatched = false }
    }

    // MARK: Turns

    mutating func began(_ turnID: String, by principal: Principal, of agent: AgentID) {
        turns[turnID] = RunningTurn(principal: principal, agent: agent)
    }

    /// What of a turn had no end of its own has ended with it. False when nobody here had asked for it, or it had ended
    /// before.
    mutating func ended(_ turnID: String) -> Bool {
        for (id, running) in items where running.item.turnID == turnID {
            items[id] = nil
            completed.insert(CompletedID(running.item))
        }
        return turns.removeValue(forKey: turnID) != nil
    }

    /// Takes the turns that an agent leaves behind, by their ids.
    mutating func takeTurns(of agent: AgentID) -> [(id: String, turn: RunningTurn)] {
        let ended = turns.filter { $0.value.agent == agent }
        for id in ended.keys { turns[id] = nil }
        return ended.map { ($0.key, $0.value) }.sorted { $0.id < $1.id }
    }

    // MARK: Items

    /// False when it is over already.
    mutating func started(_ item: StartedItem, by agent: AgentID) -> Bool {
        guard !completed.contains(CompletedID(item)) else { return false }
        if items[item.itemID]?.item != item { items[item.itemID] = RunningItem(agent: agent, item: item) }
        return true
    }

    /// False when it did not run, as far as is known here.
    mutating func completed(_ item: CompletedItem) -> Bool {
        guard let running = items.removeValue(forKey: item.itemID) else { return false }
        completed.insert(CompletedID(running.item))
        return true
    }

    /// Takes the items that an agent leaves behind.
    mutating func takeItems(of agent: AgentID) -> [LostItem] {
        let left = items.values.filter { $0.agent == agent }.sorted { $0.item.itemID < $1.item.itemID }
        for running in left { items[running.item.itemID] = nil }
        let taken = left.map { LostItem(started: $0.item, wasWatched: $0.isWatched) }
        lost = (lost + taken).suffix(Self.lostLimit)
        return taken
    }
}
