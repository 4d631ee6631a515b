public import JSONRPC

/// Delivers decisions to the agent, over the connection of one of the sessions.
///
/// Invariant: an answer is delivered once, and again only if the connection that delivered it breaks before the agent
/// acknowledges the answer.
extension ThreadCoordinator {
    /// `session` gave the answer; nil on time-out.
    mutating func respond(_ answer: Answer, to approval: Approval, from session: SessionID? = nil) -> [Effect] {
        guard case .agent(let agent, let requestID) = approval.origin else { return [] }
        let asked = approval.shownTo.intersection(sessions)
        let own = session.flatMap { sessions.contains($0) ? $0 : nil }
        // A subscriber may answer before the agent has asked over the subscriber's own connection.
        let deliverySession = own.flatMap { asked.contains($0) ? $0 : nil } ?? asked.first ?? own
        approvals.deliver(answer, to: approval.origin, over: deliverySession, asked: asked)
        return deliverySession.map { [.respond($0, agent, requestID, answer)] } ?? []
    }

    /// A session's connection to the agent is gone, and the answers it was delivering may be lost.
    public mutating func connectionLost(of session: SessionID) -> [Effect] {
        Self.responses(approvals.lost(session))
    }

    /// A session had no connection to this agent when it was due to deliver an answer.
    public mutating func notDelivered(to agent: AgentID, _ requestID: RequestID, over session: SessionID) -> [Effect] {
        Self.responses(approvals.lost(session, .agent(agent, requestID)))
    }

    private static func responses(_ answers: [ApprovalStore.Delivery]) -> [Effect] {
        answers.compactMap {
            guard case .agent(let agent, let requestID) = $0.origin else { return nil }
            return .respond($0.deliverySession, agent, requestID, $0.answer)
        }
    }

    // MARK: Stopping a turn

    mutating func interrupt(_ interrupt: Interrupt, over session: SessionID) -> [Effect] {
        sessions.contains(session) ? [.interrupt(session, interrupt)] : notInterrupted(interrupt, over: session)
    }

    /// A session had no connection to the agent when it was due to stop a turn: another subscriber stops it, or the
    /// next session that opens the thread.
    public mutating func notInterrupted(_ interrupt: Interrupt, over session: SessionID) -> [Effect] {
        pendingInterrupts[interrupt, default: []].insert(session)
        let subscribers = threads[interrupt.subscribedThreadID]?.subscribers ?? []
        guard let other = subscribers.subtracting(pendingInterrupts[interrupt] ?? []).first else { return [] }
        return [.interrupt(other, interrupt)]
    }

    /// A thread is open over the connection of `session`.
    mutating func takePendingInterrupts(inThread threadID: String, by session: SessionID) -> [Effect] {
        let owed = pendingInterrupts.keys.filter { $0.subscribedThreadID == threadID }
        for interrupt in owed { pendingInterrupts[interrupt] = nil }
        return owed.map { .interrupt(session, $0) }
    }

    mutating func turnNeedsNoInterrupt(_ turnID: String) {
        guard !pendingInterrupts.isEmpty else { return }
        pendingInterrupts = pendingInterrupts.filter { $0.key.turnID != turnID }
    }
}
