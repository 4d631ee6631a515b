import ExecGrants
import JSON
import Policy

/// What the server knows about a thread.
struct ThreadRecord: Sendable {
    /// Has a client opened the thread? A sub-agent's unopened thread is known from its calls, and has the mode of its
    /// parent thread.
    private(set) var isOpened = false
    var mode = ThreadMode()
    private(set) var subscribers: Set<SessionID> = []
    /// Does any subscriber hear from the agent how the thread's turns end?
    var isAttended: Bool { disconnected != subscribers }
    /// The parent thread, for a sub-agent's thread.
    var parentThreadID: String?
    /// The subscribers whose connection was lost and that have not reopened the thread.
    private var disconnected: Set<SessionID> = []
    private(set) var standingGrants: [StandingGrant: StandingBasis] = [:]
    /// Items that raised an alarm, so that the alarm is raised once and not once per subscriber.
    var alarmedItems: Set<String> = []
    var messages = SentMessages()
    /// Items that codex has reported.
    var reportedItems = RecentSet<String>(limit: itemGrantLimit)
    /// Ends of items that codex has reported (``CompletedItem/end``).
    var reportedEnds = RecentSet<String>(limit: itemGrantLimit)
    /// The turn of the last call that was asked about.
    var lastTurnID: String?
    /// The limit for stopped programs of this thread; each stop is logged regardless.
    var stopAlarms = RateLimit(perSecond: stopAlarmsPerSecond)
    var work = RunningWork()
    /// Calls that were asked about or allowed and have not ended: call id to turn id.
    private var openCalls: [String: String] = [:]
    private(set) var itemGrants: [String: ItemGrant] = [:]
    /// What people have let its commands do beyond its sandbox.
    private(set) var beyondSandbox: [BeyondSandbox] = []
    /// The commands among the granted items, as the kernel was told about them.
    private(set) var commandGrants: [String: CommandGrant] = [:]
    /// The patches among the granted items.
    private(set) var patchGrants: [String: PatchGrant] = [:]
    private var grantedItems = RecentSet<String>(limit: itemGrantLimit)
    /// How many granted items are remembered per thread; an item starts within milliseconds of its grant.
    static let itemGrantLimit = 4_096
    static let stopAlarmsPerSecond = 2

    mutating func open(_ change: ThreadMode.Change) {
        isOpened = true
        mode.apply(change)
        mode.refusal = nil
    }

    // MARK: Calls

    /// Returns false if a call with this id is still open in the same turn: codex would mistake an answer to one for an
    /// answer to the other.
    mutating func began(call: String, inTurn turnID: String) -> Bool {
        guard openCalls[call] != turnID else { return false }
        openCalls[call] = turnID
        return true
    }

    /// A call of an earlier turn may end while a call with the same id is open.
    mutating func ended(call: String, ofTurn turnID: String?) {
        if openCalls[call] == turnID { openCalls[call] = nil }
    }

    mutating func endedCalls(ofTurn turnID: String) { openCalls = openCalls.filter { $0.value != turnID } }

    mutating func subscribe(_ session: SessionID) {
        subscribers.insert(session)
        disconnected.remove(session)
    }

    /// codex reports ends only to subscribers: from here on an end may go unseen.
    mutating func unsubscribe(_ session: SessionID) {
        missedEvents(session)
        subscribers.remove(session)
        disconnected.remove(session)
    }

    mutating func missedEvents(_ session: SessionID) {
        guard subscribers.contains(session) else { return }
        disconnected.insert(session)
        guard disconnected == subscribers else { return }
        work.unwatch()
    }

    /// Ends the standing approvals of people who may no longer give any.
    mutating func endStandingGrants(where hasEnded: (ClientContext) -> Bool) {
        standingGrants = standingGrants.filter { !hasEnded($0.value.client) }
        for index in beyondSandbox.indices where hasEnded(beyondSandbox[index].basis.client) {
            beyondSandbox[index].hasEnded = true
        }
    }

    /// What was given for another turn is over: a thread runs one turn at a time.
    mutating func give(_ more: BeyondSandbox) {
        beyondSandbox = beyondSandbox.filter { $0.turnID == nil || $0.turnID == more.turnID } + [more]
    }

    /// The first answer remains the basis of the grant: a later answer added nothing.
    mutating func stand(_ grant: StandingGrant, on basis: StandingBasis) {
        if standingGrants[grant] == nil { standingGrants[grant] = basis }
    }

    /// Call this after ``grant(item:_:)``.
    mutating func noteStart(of item: String, _ grant: StartGrant) {
        switch grant {
        case .command(let grant): commandGrants[item] = grant
        case .patch(let grant): patchGrants[item] = grant
        case .look, .tool: break
        }
    }

    /// A client's tool has been called: the grant is used up.
    mutating func used(item: String) { itemGrants[item] = nil }

    mutating func grant(item: String, _ grant: ItemGrant) {
        itemGrants[item] = grant
        guard let forgotten = grantedItems.insert(item) else { return }
        itemGrants[forgotten] = nil
        commandGrants[forgotten] = nil
        patchGrants[forgotten] = nil
    }
}
