public import AuditRecord
public import ExecGate
public import JSON
public import JSONRPC

/// What all sessions share: which session has subscribed to which thread, what waits for an answer, what was granted.
///
/// A pure state machine. Every call takes an event and returns what is to be done about it; the caller keeps it
/// behind one lock and performs the effects after the lock is released, in order.
public struct ThreadCoordinator: Sendable {
    public enum Effect: Sendable {
        case show(Approval, to: SessionID)
        case notify(SessionID, method: String, params: JSONValue)
        /// Puts a decision on disk. ``ThreadCoordinator/recorded(_:failure:now:)`` is called when that is done, and
        /// only then does the agent hear of it.
        case record(AuditEntry, PendingDecision)
        /// Lets the kernel start it. Comes before the effect by which codex hears of the decision.
        case allowStart(StartGrant)
        /// An allowed call will not start any more.
        case revokeStart(threadID: String, callID: String)
        /// A turn is over: what it was allowed and did not start is void.
        case revokeStarts(turnID: String)
        /// Nobody hears any more how a thread's turns end: what it was allowed and did not start ends within seconds.
        case limitStarts(threadID: String)
        /// A patch is done: nothing more is changed under its grant.
        case revokePatch(threadID: String, turnID: String, callID: String)
        /// Lets the hook that waits go. Each ticket gets exactly one.
        case decide(HookTicket, HookVerdict)
        /// The answer to a request of the agent's, over this session's connection to it. Where it has none to this
        /// agent, call ``ThreadCoordinator/notDelivered(to:_:over:)``.
        case respond(SessionID, AgentID, RequestID, Answer)
        /// Stops a turn. Where the session has no connection to the agent, call
        /// ``ThreadCoordinator/notInterrupted(_:over:)``.
        case interrupt(SessionID, Interrupt)
        /// Must be known of a thread after a restart.
        case keep(KeptThread, threadID: String)
        /// A question begins to wait: whoever is on call may want to hear of it elsewhere.
        case announce(Approval)
        /// Call ``ThreadCoordinator/expire(_:now:)`` at this time.
        case expire(id: String, at: Milliseconds)
    }

    /// A decision that waits until it is on disk.
    public enum PendingDecision: Sendable, Hashable {
        case approval(String)
        case hook(HookTicket)
    }

    public struct Interrupt: Sendable, Hashable {
        public let threadID: String
        public let turnID: String
        /// The thread whose subscribers it concerns: another one where a sub-agent's turn is stopped.
        let subscribedThreadID: String
    }

    var threads: [String: ThreadRecord] = [:]
    /// What outlives the server of threads.
    var kept: KeptThreads
    var approvals = ApprovalStore()
    /// Sessions that are connected, so that marks and the agent's state reach everybody.
    var sessions: Set<SessionID> = []
    /// How long a question waits before it is declined; nil waits for ever.
    let approvalTimeout: Milliseconds?
    /// Interrupts that no connection could deliver yet, with the sessions that could not.
    var pendingInterrupts: [Interrupt: Set<SessionID>] = [:]
    /// What is still read of what they wrote asks nothing and runs nothing.
    var endedAgents = RecentSet<AgentID>(limit: 1_000)
    let makeID: @Sendable () -> String
    /// Floors and rules; replaced when their file changes.
    public var policy: ServerPolicy
    /// Answers of people that are being written down.
    var pendingAnswers: [String: PendingAnswer] = [:]
    /// Verdicts that no person gave and that are being written down.
    var pendingVerdicts: [HookTicket: PendingVerdict] = [:]
    var leavesSandbox = SandboxExits()
    /// For programs that were stopped and belong to no known thread; each is a line in the log all the same.
    var stopAlarms = RateLimit(perSecond: ThreadRecord.stopAlarmsPerSecond)
    private var notes: [AuditEntry] = []

    /// `makeID` gives 128 random bits as text.
    public init(
        approvalTimeout: Milliseconds?, policy: ServerPolicy, kept: KeptThreads = KeptThreads(),
        makeID: @escaping @Sendable () -> String
    ) {
        self.approvalTimeout = approvalTimeout
        self.kept = kept
        self.policy = policy
        self.makeID = makeID
    }

    /// What happened since the last call, for the record. None of it waits for the disk.
    public mutating func takeNotes() -> [AuditEntry] {
        defer { notes = [] }
        return notes
    }

    mutating func note(_ entry: AuditEntry) { notes.append(entry) }

    /// Waiting questions, oldest first.
    public var waiting: [Approval] { approvals.allWaiting }

    /// Threads that somebody has opened since the server began.
    public var threadCount: Int { threads.count }

    public func isWaiting(_ id: String) -> Bool { approvals[id]?.isWaiting ?? false }

    /// Does it wait, or may it wait again, since its answer is being written down?
    public func isOpen(_ id: String) -> Bool { approvals[id]?.isOpen ?? false }

    public func mode(of threadID: String) -> ThreadMode { threads[threadID]?.mode ?? ThreadMode() }

    /// Nil for a thread that nobody has opened.
    public func knownMode(of threadID: String) -> ThreadMode? {
        threads[threadID].flatMap { $0.isOpened || $0.mode.refusal != nil ? $0.mode : nil }
    }

    /// May some command reach the network, and with it this server's own port? Then being on this machine proves
    /// nothing any more.
    public var someThreadHasNetwork: Bool { threads.values.contains(where: \.mode.hasNetwork) }

    // MARK: Sessions and their subscriptions

    public mutating func opened(_ session: SessionID) -> [Effect] {
        sessions.insert(session)
        return threads.filter(\.value.mode.isMarked).map {
            .notify(session, method: "sre/threadMode", params: $0.value.mode.params(threadID: $0.key))
        }
    }

    @discardableResult
    public mutating func closed(_ session: SessionID) -> [Effect] {
        sessions.remove(session)
        let limits = leaving(Array(threads.keys)) { $0.unsubscribe(session) }
        approvals.forget(session)
        return limits + connectionLost(of: session)
    }

    /// A session opened a thread: it is shown what waits there. So is what somebody has answered a moment ago: if that
    /// cannot be written down, it waits again. `change` is what the call that opened it said about its mode, which
    /// counts even when the session has ended meanwhile.
    public mutating func subscribe(
        to threadID: String, by session: SessionID, change: ThreadMode.Change, now time: Milliseconds
    ) -> [Effect] {
        let before = self.mode(of: threadID)
        var record = record(of: threadID)
        record.open(change)
        threads[threadID] = record
        if sessions.contains(session) { threads[threadID]?.subscribe(session) }
        var effects = keepPlace(of: threadID)
        let now = self.mode(of: threadID)
        if !now.looksAs(before) || now.isMarked {
            let hearers = now.isMarked || before.isMarked ? sessions : [session]
            effects += hearers.map { .notify($0, method: "sre/threadMode", params: now.params(threadID: threadID)) }
        }
        guard sessions.contains(session) else { return effects }
        effects += takePendingInterrupts(inThread: threadID, by: session)
        for approval in approvals.open(inThread: threadID)
        where approval.isFromHook && approvals.show(approval.id, to: session, now: time) {
            effects += put(approval, to: session)
        }
        effects += (threads[threadID]?.work.lost ?? []).map {
            .notify(session, method: "sre/outcomeUnknown", params: $0.notice)
        }
        return effects
    }

    /// A session's client has missed something: every question that waits for it, or may wait again, is put to it once
    /// more.
    public func showAgain(to session: SessionID) -> [Effect] {
        approvals.allOpen.filter { $0.shownTo.contains(session) }.flatMap { put($0, to: session) }
    }

    /// Does a question wait that this session was shown?
    public func isAsking(_ session: SessionID) -> Bool {
        approvals.allWaiting.contains { $0.shownTo.contains(session) }
    }

    /// A session's connection to an agent that lives was lost for a while: what ended meanwhile in threads without
    /// another subscriber was not seen.
    @discardableResult
    public mutating func missedEvents(_ session: SessionID) -> [Effect] {
        leaving(Array(threads.keys)) { $0.missedEvents(session) }
    }

    @discardableResult
    public mutating func unsubscribe(from threadID: String, by session: SessionID) -> [Effect] {
        leaving([threadID]) { $0.unsubscribe(session) }
    }

    public func notifySubscribers(of threadID: String, _ method: String, _ params: JSONValue) -> [Effect] {
        (threads[threadID]?.subscribers ?? []).map { .notify($0, method: method, params: params) }
    }

    public func notifyAllSessions(_ method: String, _ params: JSONValue) -> [Effect] {
        sessions.map { .notify($0, method: method, params: params) }
    }
}

extension ThreadCoordinator {
    /// A person has opened the network to a thread's commands.
    mutating func changeNetwork(_ threadID: String) -> [Effect] {
        let before = mode(of: threadID)
        threads[threadID, default: ThreadRecord()].mode.network = true
        let now = mode(of: threadID)
        guard !now.looksAs(before) else { return [] }
        return sessions.map { .notify($0, method: "sre/threadMode", params: now.params(threadID: threadID)) }
    }

    /// Until the agent opens it as it is told, nobody works in it.
    public mutating func close(_ threadID: String, reason: String) -> [Effect] {
        threads[threadID, default: ThreadRecord()].mode.refusal = reason
        return []
    }

    /// A turn call changed what the thread may do; everybody who must see a mark is told.
    public mutating func changeMode(_ threadID: String, _ change: ThreadMode.Change) -> [Effect] {
        let before = mode(of: threadID)
        threads[threadID, default: ThreadRecord()].mode.apply(change)
        let now = mode(of: threadID)
        let places = keepPlace(of: threadID)
        guard !now.looksAs(before), now.isMarked || before.isMarked else { return places }
        return places + sessions.map { .notify($0, method: "sre/threadMode", params: now.params(threadID: threadID)) }
    }
}
