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
    var followers: Set<SessionID> = []
    private(set) var standingGrants: [StandingGrant: StandingBasis] = [:]
    var toolGrants: [ToolGrant] = []
    /// Items whose start was reported as ungranted, so that it is reported once and not once per follower.
    var alarmedItems: Set<String> = []
    /// Turns that people have asked for and that run, with who did.
    private(set) var turns: [String: Actor] = [:]
    /// Items that execute something at this moment, by their ids.
    var runningItems: [String: RunningItem] = [:]
    /// Those that ran when their agent ended. codex itself has forgotten them; nobody knows what they did.
    private(set) var lostItems: [StartedItem] = []
    private(set) var itemGrants: [String: ItemGrant] = [:]
    private var grantOrder: [String] = []
    /// How many granted items are remembered per thread; an item starts within milliseconds of its grant.
    static let itemGrantLimit = 4_096
    /// How many items of unknown outcome are remembered per thread.
    static let lostItemLimit = 100

    struct RunningItem: Sendable, Hashable {
        let agent: AgentID
        let item: StartedItem
    }

    mutating func began(_ turnID: String, by actor: Actor) { turns[turnID] = actor }

    /// False when nobody here had asked for it, or it had ended before.
    mutating func ended(_ turnID: String) -> Bool { turns.removeValue(forKey: turnID) != nil }

    /// Takes the items that an agent leaves behind.
    mutating func agentEnded(_ agent: AgentID) -> [StartedItem] {
        let lost = runningItems.values.filter { $0.agent == agent }.map(\.item).sorted { $0.itemID < $1.itemID }
        for item in lost { runningItems[item.itemID] = nil }
        lostItems = (lostItems + lost).suffix(Self.lostItemLimit)
        return lost
    }

    /// The answer that came first stays what the grant rests on: the later one added nothing.
    mutating func stand(_ grant: StandingGrant, on basis: StandingBasis) {
        if standingGrants[grant] == nil { standingGrants[grant] = basis }
    }

    mutating func grant(item: String, _ grant: ItemGrant) {
        if itemGrants.updateValue(grant, forKey: item) == nil { grantOrder.append(item) }
        if grantOrder.count > Self.itemGrantLimit { itemGrants[grantOrder.removeFirst()] = nil }
    }
}
