import ExecGate
import JSON
import Policy

/// What the server knows of a thread that somebody has opened.
struct ThreadRecord: Sendable {
    /// A call that was approved for the rest of the thread: these very bytes in this very directory, by its name and by
    /// where that led, with all that the call says beside them, in this sandbox.
    struct StandingGrant: Sendable, Hashable {
        private let call: JSONValue
        private let place: CallPlace
        private let sandbox: SandboxMode
        private let hasNetwork: Bool

        /// Nil for a command of which nobody can tell where or how it runs.
        init?(_ input: HookInput, at place: CallPlace, in mode: ThreadMode) {
            guard let directory = input.directory.path else { return nil }
            let isShell = input.toolName == "Bash"
            guard let arguments = isShell ? input.arguments : [:] else { return nil }
            call = [.string(input.toolName), input.toolInput, .string(directory), .object(arguments)]
            self.place = place
            sandbox = mode.sandbox
            hasNetwork = mode.hasNetwork
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
        case command(String, directory: String?, shells: [CommandGrant.Shell])
        case patch
        case tool
    }

    /// Has somebody opened it? A sub-agent's thread that nobody has opened is known by its calls, and has the mode of the
    /// thread that it belongs to.
    private(set) var isOpened = false
    var mode = ThreadMode()
    private(set) var subscribers: Set<SessionID> = []
    /// Does somebody hear from the agent how its turns end?
    var isAttended: Bool { disconnected != subscribers }
    /// Of a sub-agent's thread.
    var parentThreadID: String?
    /// Of these, those whose connection was lost and who have not opened the thread again.
    private var disconnected: Set<SessionID> = []
    private(set) var standingGrants: [StandingGrant: StandingBasis] = [:]
    /// Items whose start was reported as ungranted, so that it is reported once and not once per subscriber.
    var alarmedItems: Set<String> = []
    /// Items that codex has reported.
    var reportedItems = RecentSet<String>(limit: itemGrantLimit)
    /// For programs of its own that were stopped; each is a line in the log all the same.
    var stopAlarms = RateLimit(perSecond: stopAlarmsPerSecond)
    var work = RunningWork()
    /// Calls that were asked about, or allowed, and have not ended: their turns by their ids.
    private var openCalls: [String: String] = [:]
    private(set) var itemGrants: [String: ItemGrant] = [:]
    /// What a person has given its commands to write besides what its sandbox has, links resolved; nil when nothing.
    var moreWritable: [String]?
    /// Of these, the commands, as the kernel was told of them.
    private(set) var commandGrants: [String: CommandGrant] = [:]
    /// Of these, the patches.
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

    /// False when a call with this id has not ended in the same turn: codex would take an answer to the one for an answer to
    /// the other.
    mutating func began(call: String, inTurn turnID: String) -> Bool {
        guard openCalls[call] != turnID else { return false }
        openCalls[call] = turnID
        return true
    }

    mutating func ended(call: String) { openCalls[call] = nil }

    mutating func endedCalls(ofTurn turnID: String) { openCalls = openCalls.filter { $0.value != turnID } }

    mutating func subscribe(_ session: SessionID) {
        subscribers.insert(session)
        disconnected.remove(session)
    }

    /// codex tells only subscribers what ends: from here on that may pass unseen.
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

    /// The answer that came first stays what the grant rests on: the later one added nothing.
    mutating func stand(_ grant: StandingGrant, on basis: StandingBasis) {
        if standingGrants[grant] == nil { standingGrants[grant] = basis }
    }

    /// After ``grant(item:_:)``.
    mutating func noteStart(of item: String, _ grant: StartGrant) {
        switch grant {
        case .command(let grant): commandGrants[item] = grant
        case .patch(let grant): patchGrants[item] = grant
        case .look, .tool: break
        }
    }

    mutating func grant(item: String, _ grant: ItemGrant) {
        itemGrants[item] = grant
        guard let forgotten = grantedItems.insert(item) else { return }
        itemGrants[forgotten] = nil
        commandGrants[forgotten] = nil
        patchGrants[forgotten] = nil
    }
}
