import JSON

/// All questions of the server, waiting and lately over.
///
/// Invariant: an approval comes to its end exactly once, and only the call that brought it there returns it. Whoever
/// holds the returned value is the only one who may forward an answer.
struct ApprovalStore: Sendable {
    private var approvals: [String: Approval] = [:]
    private var byOrigin: [Approval.Origin: String] = [:]
    /// Ids of those that are over, so that late answers can be told what became of the question.
    private var finished = RecentSet<String>(limit: finishedLimit)
    /// Requests of agents that are over. In shared mode the agent asks every subscriber, and a copy may come late; ids
    /// are not used twice in an agent's life.
    private var over = RecentSet<Approval.Origin>(limit: finishedLimit)
    /// Answers that agents have not said they have.
    private var deliveries: [Approval.Origin: PendingDelivery] = [:]
    /// How many finished ones are remembered.
    static let finishedLimit = 1_000

    /// An answer and the session whose connection delivers it now.
    typealias Delivery = (origin: Approval.Origin, answer: Answer, deliverySession: SessionID)

    private struct PendingDelivery: Sendable {
        let answer: Answer
        /// Nil: nobody is there, so it is owed until the agent asks again over another connection.
        var deliverySession: SessionID?
        /// Over whose connections the agent waits for it.
        var asked: Set<SessionID>
    }

    subscript(id: String) -> Approval? { approvals[id] }

    /// One that waits, or whose answer is being written down.
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
    }

    /// Notes that a session was shown the question. False when it had been before.
    mutating func show(_ id: String, to session: SessionID, now: Milliseconds) -> Bool {
        if approvals[id]?.shownAt == nil { approvals[id]?.shownAt = now }
        return approvals[id]?.shownTo.insert(session).inserted ?? false
    }

    mutating func forget(_ session: SessionID) {
        for approval in allOpen where approval.shownTo.contains(session) {
            approvals[approval.id]?.shownTo.remove(session)
        }
    }

    /// An answer is being written down: nobody else can answer meanwhile. False when it no longer waits.
    mutating func decide(_ id: String, word: String, by name: String, at time: Milliseconds) -> Bool {
        guard approvals[id]?.isWaiting == true else { return false }
        approvals[id]?.state = .deciding(word: word, by: name, at: time)
        return true
    }

    /// The answer could not be written down: the question waits again.
    mutating func reopen(_ id: String) -> Approval? {
        guard case .deciding = approvals[id]?.state else { return nil }
        approvals[id]?.state = .waiting
        return approvals[id]
    }

    /// The answer has been written down.
    mutating func finishDecided(_ id: String) -> Approval? {
        guard case .deciding(let word, let name, let time) = approvals[id]?.state else { return nil }
        return finish(id, .answered(word: word, by: name, at: time))
    }

    /// The only way to an end. Nil when it had come to one before.
    mutating func finish(_ id: String, _ state: Approval.State) -> Approval? {
        guard var approval = approvals[id], approval.isOpen else { return nil }
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

    /// The agent asks over the connection of `session` what has an answer. The answer, if that connection is to deliver
    /// it.
    mutating func askedAgain(_ origin: Approval.Origin, over session: SessionID) -> Answer? {
        deliveries[origin]?.asked.insert(session)
        guard let owed = deliveries[origin], owed.deliverySession == nil else { return nil }
        deliveries[origin]?.deliverySession = session
        return owed.answer
    }

    /// The connection of `session` is gone, and with it, perhaps, the answers it delivered; of one agent's request, or
    /// of all. Those that another session delivers now.
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

    /// The agent has its answer, or needs none any more.
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
