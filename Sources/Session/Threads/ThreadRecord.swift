import JSON

/// What the server knows of a thread that somebody has opened.
struct ThreadRecord: Sendable {
    /// A command that was approved for the rest of the thread: these very bytes in this very directory.
    struct StandingGrant: Sendable, Hashable {
        private let call: JSONValue

        /// Nil for a command whose directory nobody can tell.
        init?(_ input: HookInput) {
            guard let directory = input.directory.path else { return nil }
            call = [.string(input.toolName), input.toolInput, .string(directory)]
        }
    }

    /// The answer of a person that a standing grant rests on.
    struct StandingBasis: Sendable, Hashable {
        let requestID: String
        let actor: String?
        let role: String?
        let at: Milliseconds
    }

    /// What may run under an item's id.
    enum ItemGrant: Sendable, Hashable {
        /// `directory` nil: nobody can tell.
        case command(String, directory: String?)
        case patch
        case tool
    }

    /// An MCP call that was granted and that codex will ask about once more, by itself.
    struct ToolGrant: Sendable, Hashable {
        /// As it stands in the hook's tool name: other characters than letters and digits are `_` there.
        let server: String
        let arguments: JSONValue
    }

    var mode = ThreadMode()
    private(set) var followers: Set<SessionID> = []
    /// Of these, those whose connection was lost and who have not opened the thread again.
    private var away: Set<SessionID> = []
    private(set) var standingGrants: [StandingGrant: StandingBasis] = [:]
    /// Oldest first. codex asks about few of them again.
    var toolGrants: [ToolGrant] = []
    /// Items whose start was reported as ungranted, so that it is reported once and not once per follower.
    var alarmedItems: Set<String> = []
    /// Turns that people have asked for and that run, by their ids.
    private(set) var turns: [String: RunningTurn] = [:]
    /// Items that execute something at this moment, by their ids.
    var runningItems: [String: RunningItem] = [:]
    /// Items that are over. Another follower's connection may report their start, and their end, later.
    private var completedItems = RecentSet<CompletedID>(limit: itemGrantLimit)
    /// Those that ran when their agent ended. codex itself has forgotten them; nobody knows what they did.
    private(set) var lostItems: [LostItem] = []
    private(set) var itemGrants: [String: ItemGrant] = [:]
    private var grantOrder: [String] = []
    /// How many granted items are remembered per thread; an item starts within milliseconds of its grant.
    static let itemGrantLimit = 4_096
    /// How many items of unknown outcome are remembered per thread.
    static let lostItemLimit = 100
    /// How many granted MCP calls are remembered per thread.
    static let toolGrantLimit = 100

    struct RunningTurn: Sendable, Hashable {
        /// Who asked for it.
        let actor: Actor
        let agent: AgentID
        /// Has somebody followed the thread all the time?
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

    struct RunningItem: Sendable, Hashable {
        let agent: AgentID
        let item: StartedItem
        /// Has somebody followed the thread all the time?
        var isWatched = true
    }

    mutating func follow(by session: SessionID) {
        followers.insert(session)
        away.remove(session)
    }

    /// codex tells only those who follow what ends: from here on that may pass unseen.
    mutating func unfollow(by session: SessionID) {
        guard followers.contains(session) else { return }
        looked(away: session)
        followers.remove(session)
        away.remove(session)
    }

    mutating func looked(away session: SessionID) {
        guard followers.contains(session) else { return }
        away.insert(session)
        guard away == followers else { return }
        for id in runningItems.keys { runningItems[id]?.isWatched = false }
        for id in turns.keys { turns[id]?.isWatched = false }
    }

    mutating func began(_ turnID: String, by actor: Actor, of agent: AgentID) {
        turns[turnID] = RunningTurn(actor: actor, agent: agent)
    }

    /// Takes the turns that an agent leaves behind, by their ids.
    mutating func endTurns(of agent: AgentID) -> [(id: String, turn: RunningTurn)] {
        let ended = turns.filter { $0.value.agent == agent }
        for id in ended.keys { turns[id] = nil }
        return ended.map { ($0.key, $0.value) }.sorted { $0.id < $1.id }
    }

    /// False when it is over already.
    mutating func started(_ item: StartedItem, by agent: AgentID) -> Bool {
        guard !completedItems.contains(CompletedID(item)) else { return false }
        runningItems[item.itemID] = RunningItem(agent: agent, item: item)
        return true
    }

    /// False when it did not run, as far as is known here.
    mutating func completed(_ item: CompletedItem) -> Bool {
        guard let running = runningItems.removeValue(forKey: item.itemID) else { return false }
        completedItems.insert(CompletedID(running.item))
        return true
    }

    /// False when nobody here had asked for it, or it had ended before.
    mutating func ended(_ turnID: String) -> Bool { turns.removeValue(forKey: turnID) != nil }

    /// Takes the items that an agent leaves behind.
    mutating func agentEnded(_ agent: AgentID) -> [LostItem] {
        let lost = runningItems.values.filter { $0.agent == agent }
            .map { LostItem(started: $0.item, wasWatched: $0.isWatched) }.sorted {
                $0.started.itemID < $1.started.itemID
            }
        for item in lost { runningItems[item.started.itemID] = nil }
        lostItems = (lostItems + lost).suffix(Self.lostItemLimit)
        return lost
    }

    /// The answer that came first stays what the grant rests on: the later one added nothing.
    mutating func stand(_ grant: StandingGrant, on basis: StandingBasis) {
        if standingGrants[grant] == nil { standingGrants[grant] = basis }
    }

    mutating func grant(tool grant: ToolGrant) {
        toolGrants.append(grant)
        if toolGrants.count > Self.toolGrantLimit { toolGrants.removeFirst() }
    }

    mutating func grant(item: String, _ grant: ItemGrant) {
        if itemGrants.updateValue(grant, forKey: item) == nil { grantOrder.append(item) }
        if grantOrder.count > Self.itemGrantLimit { itemGrants[grantOrder.removeFirst()] = nil }
    }
}
