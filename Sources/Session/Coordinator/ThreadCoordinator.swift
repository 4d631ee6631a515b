public import AuditRecord
public import ExecGrants
public import JSON
public import JSONRPC

/// The state that all sessions share: which session has subscribed to which thread, which questions wait for an answer,
/// what was granted.
///
/// A pure state machine. Every call takes an event and returns the effects to perform; the caller keeps it behind one
/// lock, and performs the effects in order while it still holds the lock, except for hooks' verdicts (``Effect/decide``),
/// which follow when the lock is released: a thread must be stored, and a start allowed, before codex gets its verdict.
public struct ThreadCoordinator: Sendable {
    public enum Effect: Sendable {
        case show(Approval, to: SessionID)
        case notify(SessionID, method: String, params: JSONValue)
        /// Write a decision to disk, then call ``ThreadCoordinator/recorded(_:failure:now:)``. The agent hears of the
        /// decision only after that.
        case record(AuditEntry, PendingDecision)
        /// Let the kernel start it. Comes before the effect by which codex hears of the decision.
        case allowStart(StartGrant)
        /// An allowed call will not start any more.
        case revokeStart(threadID: String, callID: String)
        /// A turn is over: whatever it was allowed but has not started is void.
        case revokeStarts(turnID: String)
        /// No subscriber reports the end of the thread's turns any more: whatever was allowed but has not started
        /// expires within seconds.
        case limitStarts(threadID: String)
        /// A patch is done: its grant permits no further changes.
        case revokePatch(threadID: String, turnID: String, callID: String)
        /// Give the waiting hook its verdict. Each ticket gets exactly one.
        case decide(HookTicket, HookVerdict)
        /// Answer an agent's request over this session's connection. If the session has no connection to this agent,
        /// call ``ThreadCoordinator/notDelivered(to:_:over:)``.
        case respond(SessionID, AgentID, RequestID, Answer)
        /// Stop a turn. If the session has no connection to the agent, call
        /// ``ThreadCoordinator/notInterrupted(_:over:)``.
        case interrupt(SessionID, Interrupt)
        /// Store this about a thread, because it must survive a restart.
        case keep(KeptThread, threadID: String)
        /// A question starts to wait: tell the people on call who are not connected.
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
        /// The thread whose subscribers can stop the turn. Differs from `threadID` when a sub-agent's turn is stopped.
        let subscribedThreadID: String
    }

    var threads: [String: ThreadRecord] = [:]
    /// What the store keeps about threads across restarts.
    var kept: KeptThreads
    /// Why the store cannot keep threads at the moment. The caller sets it before each event. While it is set, no thread
    /// gets input: a killed server would forget whose input it is.
    public var keepingFailure: String?
    var approvals = ApprovalStore()
    /// Connected sessions. They all get thread marks and the agent's state.
    var sessions: Set<SessionID> = []
    /// Those whose person may answer approval requests.
    private(set) var answerers: Set<SessionID> = []
    /// How long a question waits before it is declined; nil means for ever.
    let approvalTimeout: Milliseconds?
    /// Interrupts that no connection could deliver yet, with the sessions that failed to.
    var pendingInterrupts: [Interrupt: Set<SessionID>] = [:]
    /// Messages from these agents that are still being read raise no questions and run nothing.
    var endedAgents = RecentSet<AgentID>(limit: 1_000)
    let makeID: @Sendable () -> String
    /// Floors and rules; replaced when their file changes.
    public var policy: ServerPolicy
    /// People's answers that are being written to disk.
    var pendingAnswers: [String: PendingAnswer] = [:]
    /// Verdicts without a person that are being written to disk.
    var pendingVerdicts: [HookTicket: PendingVerdict] = [:]
    var leavesSandbox = SandboxExits()
    /// The limit for stopped programs that belong to no known thread; each stop is logged regardless.
    var stopAlarms = RateLimit(perSecond: ThreadRecord.stopAlarmsPerSecond)
    private var notes: [AuditEntry] = []

    /// `makeID` returns 128 random bits as text.
    public init(
        approvalTimeout: Milliseconds?, policy: ServerPolicy, kept: KeptThreads = KeptThreads(),
        makeID: @escaping @Sendable () -> String
    ) {
        self.approvalTimeout = approvalTimeout
        self.kept = kept
        self.policy = policy
        self.makeID = makeID
    }

    /// The audit entries collected since the last call. None of them waits for the disk.
    public mutating func takeNotes() -> [AuditEntry] {
        defer { notes = [] }
        return notes
    }

    mutating func note(_ entry: AuditEntry) { notes.append(entry) }

    /// Waiting questions, oldest first.
    public var waiting: [Approval] { approvals.allWaiting }

    /// Tells the sessions that do not follow a thread how many questions wait there, if that has changed. The others
    /// get the questions themselves.
    public mutating func tellWaiting() -> [Effect] {
        let changed = approvals.takeChangedThreads()
        guard !changed.isEmpty else { return [] }
        let waiting = approvals.allWaiting
        return changed.sorted().flatMap { threadID in
            let count = waiting.count { $0.threadID == threadID }
            let params: JSONValue = ["threadId": .string(threadID), "count": .number(JSONNumber(Int64(count)))]
            let following = approvals.shownAll(inThread: threadID).union(threads[threadID]?.subscribers ?? [])
            return sessions.subtracting(following).map { session -> Effect in
                .notify(session, method: "sre/waiting", params: params)
            }
        }
    }

    /// Threads that any client has opened since the server started.
    public var threadCount: Int { threads.count }

    public func isWaiting(_ id: String) -> Bool { approvals[id]?.isWaiting ?? false }

    /// Does the question wait, or may it wait again because its answer is still being written to disk?
    public func isOpen(_ id: String) -> Bool { approvals[id]?.isOpen ?? false }

    public func mode(of threadID: String) -> ThreadMode { threads[threadID]?.mode ?? ThreadMode() }

    /// nil for a thread that no client has opened.
    public func knownMode(of threadID: String) -> ThreadMode? {
        threads[threadID].flatMap { $0.isOpened || $0.mode.refusal != nil ? $0.mode : nil }
    }

    /// May some command reach the network, and therefore this server's own port? If so, a local connection no longer
    /// proves who connects.
    public var someThreadHasNetwork: Bool { threads.values.contains(where: \.mode.hasNetwork) }

    // MARK: Sessions and their subscriptions

    /// `mayAnswer`: approval requests. A session keeps its role.
    public mutating func opened(_ session: SessionID, mayAnswer: Bool = true) -> [Effect] {
        sessions.insert(session)
        if mayAnswer { answerers.insert(session) }
        return threads.filter(\.value.mode.isMarked).map {
            .notify(session, method: "sre/threadMode", params: $0.value.mode.params(threadID: $0.key))
        }
    }

    @discardableResult
    public mutating func closed(_ session: SessionID) -> [Effect] {
        sessions.remove(session)
        answerers.remove(session)
        let limits = leaving(Array(threads.keys)) { $0.unsubscribe(session) }
        approvals.forget(session)
        return limits + connectionLost(of: session)
    }

    /// A session opened a thread: it is shown the questions that wait there. It is also shown a question whose answer
    /// is still being written to disk: if that fails, the question waits again. `change` is what the opening call said
    /// about the thread's mode, which applies even if the session has ended meanwhile.
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

    /// A session's client has missed messages: every question that waits for it, or may wait again, is shown once more.
    public func showAgain(to session: SessionID) -> [Effect] {
        approvals.allOpen.filter { $0.shownTo.contains(session) }.flatMap { put($0, to: session) }
    }

    /// Does a question wait that was shown to this session?
    public func isAsking(_ session: SessionID) -> Bool {
        approvals.allWaiting.contains { $0.shownTo.contains(session) }
    }

    /// A session temporarily lost its connection to a running agent, so it did not see what ended meanwhile in threads
    /// without another subscriber.
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

    /// Closes the thread to work until the agent opens it as told.
    public mutating func close(_ threadID: String, reason: String) -> [Effect] {
        threads[threadID, default: ThreadRecord()].mode.refusal = reason
        return []
    }

    /// Ends the standing approvals of clients whose sign-in has ended, and those of their answers that have not taken
    /// effect.
    public mutating func endStandingApprovals(where hasEnded: (ClientContext) -> Bool) {
        for threadID in threads.keys { threads[threadID]?.endStandingGrants(where: hasEnded) }
        leavesSandbox.end(where: hasEnded)
        for (id, pending) in pendingAnswers where hasEnded(pending.client) { pendingAnswers[id]?.hasEnded = true }
        for (ticket, verdict) in pendingVerdicts where verdict.bases.contains(where: { hasEnded($0.client) }) {
            pendingVerdicts[ticket]?.hasEnded = true
        }
    }

    /// A turn call changed what the thread may do; every session that must show a mark is told.
    public mutating func changeMode(_ threadID: String, _ change: ThreadMode.Change) -> [Effect] {
        let before = mode(of: threadID)
        threads[threadID, default: ThreadRecord()].mode.apply(change)
        let now = mode(of: threadID)
        let places = keepPlace(of: threadID)
        guard !now.looksAs(before), now.isMarked || before.isMarked else { return places }
        return places + sessions.map { .notify($0, method: "sre/threadMode", params: now.params(threadID: threadID)) }
    }
}
