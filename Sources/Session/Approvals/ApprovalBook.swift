import JSON

/// All questions of the server, waiting and lately over.
///
/// Invariant: an approval leaves `waiting` exactly once, and only the call that made it leave returns it. Whoever
/// holds the returned value is the only one who may forward an answer.
struct ApprovalBook: Sendable {
    private var approvals: [String: Approval] = [:]
    private var byOrigin: [Approval.Origin: String] = [:]
    /// Ids of those that are over, oldest first, so that late answers can be told what became of the question.
    private var finished: [String] = []
    /// Requests of agents that are over. In shared mode the agent asks every follower, and a copy may come late; ids
    /// are not used twice in an agent's life.
    private var over: Set<Approval.Origin> = []
    private var overOrder: [Approval.Origin] = []
    /// Answers that found no connection to the agent. It asks again over the next one that opens the thread.
    private var owed: [Approval.Origin: Desk.AgentAnswer] = [:]
    /// How many finished ones are remembered.
    static let finishedLimit = 1_000

    subscript(id: String) -> Approval? { approvals[id] }

    func waiting(from origin: Approval.Origin) -> Approval? {
        byOrigin[origin].flatMap { approvals[$0] }
    }

    var allWaiting: [Approval] {
        approvals.values.filter(\.isWaiting).sorted { ($0.askedAt, $0.id) < ($1.askedAt, $1.id) }
    }

    func waiting(inThread threadID: String) -> [Approval] {
        allWaiting.filter { $0.threadID == threadID }
    }

    mutating func add(_ approval: Approval) {
        approvals[approval.id] = approval
        byOrigin[approval.origin] = approval.id
    }

    /// Notes that a session was shown the question. False when it had been before.
    mutating func show(_ id: String, to session: SessionID) -> Bool {
        approvals[id]?.shownTo.insert(session).inserted ?? false
    }

    mutating func forget(_ session: SessionID) {
        for approval in allWaiting where approval.shownTo.contains(session) {
            approvals[approval.id]?.shownTo.remove(session)
        }
    }

    /// The only way out of `waiting`. Nil when it had left before.
    mutating func finish(_ id: String, _ state: Approval.State) -> Approval? {
        guard var approval = approvals[id], approval.isWaiting else { return nil }
        approval.state = state
        approvals[id] = approval
        byOrigin[approval.origin] = nil
        noteOver(approval.origin)
        finished.append(id)
        if finished.count > Self.finishedLimit { approvals[finished.removeFirst()] = nil }
        return approval
    }

    mutating func owe(_ answer: Desk.AgentAnswer, to origin: Approval.Origin) { owed[origin] = answer }

    mutating func takeOwed(to origin: Approval.Origin) -> Desk.AgentAnswer? { owed.removeValue(forKey: origin) }

    func isOver(_ origin: Approval.Origin) -> Bool { over.contains(origin) }

    mutating func noteOver(_ origin: Approval.Origin) {
        guard case .agent = origin, over.insert(origin).inserted else { return }
        overOrder.append(origin)
        guard overOrder.count > Self.finishedLimit else { return }
        let oldest = overOrder.removeFirst()
        over.remove(oldest)
        owed[oldest] = nil
    }
}
