import JSON

/// All questions of the server: open ones and recently finished ones.
///
/// Invariant: an approval is finished exactly once, and only the call that finishes it returns it. Only the holder of
/// the returned value may forward an answer.
struct ApprovalStore: Sendable {
    private var approvals: [String: Approval] = [:]
    private var byOrigin: [Approval.Origin: String] = [:]
    /// Ids of finished approvals, so that a late answer can be told the outcome.
    private var finished = RecentSet<String>(limit: finishedLimit)
    /// Finished requests from agents. In shared mode the agent asks every subscriber, and a copy may arrive late; an
    /// agent never reuses an id.
    private var over = RecentSet<Approval.Origin>(limit: finishedLimit)
    /// Answers that agents have not acknowledged yet.
    private var deliveries: [Approval.Origin: PendingDelivery] = [:]
    /// Threads in which a question has begun or ceased to wait since the last ``takeChangedThreads()``.
    private var changedThreads: Set<String> = []
    /// How many finished approvals are remembered.
    static let finishedLimit = 1_000

    /// An answer and the session whose connection currently delivers it.
    typealias Delivery = (origin: Approval.Origin, answer: Answer, deliverySession: SessionID)

    private struct PendingDelivery: Sendable {
        let answer: Answer
        /// nil if no session is connected: the answer is owed until the agent asks again over another connection.
        var deliverySession: SessionID?
        /// The sessions over whose connections the agent waits for the answer.
        var asked: Set<SessionID>
    }

    subscript(id: String) -> Approval? { approvals[id] }

    /// The approval from `origin` that waits or whose answer is being written to disk.
    func open(from origin: Approval.Origin) -> Approval? {
        byOrigin[origin].flatMap { approvals[$0] }
    }

    var allWaiting: [Approval] { allOpen.filter(\.isWaiting) }

    var allOpen: [Approval] {
        approvals.values.filter(\.isOpen).sorted { ($0.askedAt, $0.id) < ($1.askedAt, $1.id) }
    }

    func open(inThread threadID: String) -> [Approval] { allOpen.filter { $0.threadID == threadID } }

    mutating func add(_ approval: Approval) {
        approvals[approval.id] = approval
        byOrigin[approval.origin] = approval.id
        noteChange(of: approval)
    }

    private mutating func noteChange(of approval: Approval) {
        if let threadID = approval.threadID { changedThreads.insert(threadID) }
    }

    /// The sessions that have been shown all open questions of the thread.
    func shownAll(inThread threadID: String) -> Set<SessionID> {
        let open = approvals.values.filter { $0.threadID == threadID && $0.isOpen }.map(\.shownTo)
        return open.dropFirst().reduce(Set(open.first ?? [])) { $0.intersection($1) }
    }

    mutating func takeChangedThreads() -> Set<String> {
        defer { changedThreads = [] }
        return changedThreads
    }

    /// Notes that the question was shown to a session. Returns false if it was shown there before.
    mutating func show(_ id: String, to session: SessionID, now: Milliseconds) -> Bool {
        if approvals[id]?.shownAt == nil { approvals[id]?.shownAt = now }
        return approvals[id]?.shownTo.insert(session).inserted ?? false
    }

    mutating func forget(_ session: SessionID) {
        for approval in allOpen where approval.shownTo.contains(session) {
            approvals[approval.id]?.shownTo.remove(session)
        }
    }

    /// Marks the answer as being written to disk, which blocks other answers. Returns false if the question no longer
    /// waits.
    mutating func decide(_ id: String, word: String, by name: String, at time: Milliseconds) -> Bool {
        guard let approval = approvals[id], approval.isWaiting else { return false }
        noteChange(of: approval)
        approvals[id]?.state = .deciding(word: word, by: name, at: time)
        return true
    }

    /// Lets the question wait again, because the answer could not be written to disk.
    mutating func reopen(_ id: String) -> Approval? {
        guard case .deciding = approvals[id]?.state else { return nil }
        approvals[id]?.state = .waiting
        approvals[id].map { noteChange(of: $0) }
        return approvals[id]
    }

    /// Finishes an approval whose answer is on disk.
    mutating func finishDecided(_ id: String) -> Approval? {
        guard case .deciding(let word, let name, let time) = approvals[id]?.state else { return nil }
        return finish(id, .answered(word: word, by: name, at: time))
    }

    /// The only way to finish an approval. nil if it was finished before.
    mutating func finish(_ id: String, _ state: Approval.State) -> Approval? {
        guard var approval = approvals[id], approval.isOpen else { return nil }
        noteChange(of: approval)
        approval.state = state
        approvals[id] = approval
        byOrigin[approval.origin] = nil
        noteOver(approval.origin)
        if let forgotten = finished.insert(id) { approvals[forgotten] = nil }
        return approval
    }

    mutating func deliver(
        _ answer: Answer, to origin: Approval.Origin, over deliverySession: SessionID?,
        asked: Set<SessionID>
    ) {
        deliveries[origin] = PendingDelivery(answer: answer, deliverySession: deliverySession, asked: asked)
    }

    /// The agent repeats a request, which has been answered, over the connection of `session`. Returns the answer if
    /// that connection is to deliver it.
    mutating func askedAgain(_ origin: Approval.Origin, over session: SessionID) -> Answer? {
        deliveries[origin]?.asked.insert(session)
        guard let owed = deliveries[origin], owed.deliverySession == nil else { return nil }
        deliveries[origin]?.deliverySession = session
        return owed.answer
    }

    /// The connection of `session` is gone, and the answers it was delivering may be lost: to one request, or to all of
    /// them. Returns the answers that another session delivers now.
    mutating func lost(_ session: SessionID, _ only: Approval.Origin? = nil) -> [Delivery] {
        var moved: [Delivery] = []
        for (origin, lost) in deliveries where only == nil || origin == only {
            deliveries[origin]?.asked.remove(session)
            guard lost.deliverySession == session else { continue }
            let deliverySession = deliveries[origin]?.asked.first
            deliveries[origin]?.deliverySession = deliverySession
            if let deliverySession { moved.append((origin, lost.answer, deliverySession)) }
        }
        return moved
    }

    /// The agent has acknowledged the answer, or no longer needs it.
    mutating func forgetAnswer(to origin: Approval.Origin) { deliveries[origin] = nil }

    mutating func forgetAnswers(to agent: AgentID) {
        for case .agent(agent, let id) in Array(deliveries.keys) { deliveries[.agent(agent, id)] = nil }
    }

    func isOver(_ origin: Approval.Origin) -> Bool { over.contains(origin) }

    mutating func noteOver(_ origin: Approval.Origin) {
        guard case .agent = origin, let forgotten = over.insert(origin) else { return }
        deliveries[forgotten] = nil
    }
}
