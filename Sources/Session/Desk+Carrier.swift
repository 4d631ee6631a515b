public import JSONRPC

/// How what is decided gets to the agent: over the connection of one of the sessions.
///
/// Invariant: an answer is given once, and once more only when the connection that carried it has broken before the
/// agent said that it has it.
extension Desk {
    /// `session` gave the answer; nil where nobody did.
    mutating func respond(_ answer: AgentAnswer, to approval: Approval, from session: SessionID? = nil) -> [Effect] {
        guard case .agent(let agent, let requestID) = approval.origin else { return [] }
        let asked = approval.shownTo.intersection(sessions)
        let own = session.flatMap { sessions.contains($0) ? $0 : nil }
        // Whoever follows a thread may answer before the agent has asked over their own connection.
        let carrier = own.flatMap { asked.contains($0) ? $0 : nil } ?? asked.first ?? own
        approvals.give(answer, to: approval.origin, over: carrier, asked: asked)
        return carrier.map { [.respond($0, agent, requestID, answer)] } ?? []
    }

    /// A session's connection to the agent is gone, and with it, perhaps, what it carried.
    public mutating func connectionLost(of session: SessionID) -> [Effect] {
        Self.responses(approvals.lost(session))
    }

    /// A session had no connection to this agent when it should have carried an answer.
    public mutating func notDelivered(to agent: AgentID, _ requestID: RequestID, over session: SessionID) -> [Effect] {
        Self.responses(approvals.lost(session, .agent(agent, requestID)))
    }

    private static func responses(_ answers: [ApprovalBook.Carried]) -> [Effect] {
        answers.compactMap {
            guard case .agent(let agent, let requestID) = $0.origin else { return nil }
            return .respond($0.carrier, agent, requestID, $0.answer)
        }
    }

    // MARK: Stopping a turn

    mutating func interrupt(_ interrupt: Interrupt, over session: SessionID) -> [Effect] {
        sessions.contains(session) ? [.interrupt(session, interrupt)] : notInterrupted(interrupt, over: session)
    }

    /// A session had no connection to the agent when it should have stopped a turn: another follower does it, or
    /// whoever opens the thread next.
    public mutating func notInterrupted(_ interrupt: Interrupt, over session: SessionID) -> [Effect] {
        owedInterrupts[interrupt, default: []].insert(session)
        let followers = threads[interrupt.followedThreadID]?.followers ?? []
        guard let other = followers.subtracting(owedInterrupts[interrupt] ?? []).first else { return [] }
        return [.interrupt(other, interrupt)]
    }

    /// A thread is open over the connection of `session`.
    mutating func interruptsOwed(inThread threadID: String, by session: SessionID) -> [Effect] {
        let owed = owedInterrupts.keys.filter { $0.followedThreadID == threadID }
        for interrupt in owed { owedInterrupts[interrupt] = nil }
        return owed.map { .interrupt(session, $0) }
    }

    mutating func turnNeedsNoInterrupt(_ turnID: String) {
        guard !owedInterrupts.isEmpty else { return }
        owedInterrupts = owedInterrupts.filter { $0.key.turnID != turnID }
    }
}
