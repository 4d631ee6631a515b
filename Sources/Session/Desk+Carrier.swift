public import JSONRPC

/// How an answer gets to the agent: over the connection of a session that was asked.
///
/// Invariant: an answer is given once, and once more only when the connection that carried it has broken before the
/// agent said that it has it.
extension Desk {
    /// `session` gave the answer; nil where nobody did.
    mutating func respond(_ answer: AgentAnswer, to approval: Approval, from session: SessionID? = nil) -> [Effect] {
        let asked = approval.shownTo.intersection(sessions)
        if let session, asked.contains(session) { return give(answer, to: approval.origin, over: session) }
        // Whoever follows a thread may answer before the agent has asked over their own connection.
        let carrier = asked.first ?? session.flatMap { sessions.contains($0) ? $0 : nil }
        return give(answer, to: approval.origin, over: carrier)
    }

    mutating func give(_ answer: AgentAnswer, to origin: Approval.Origin, over carrier: SessionID?) -> [Effect] {
        guard case .agent(let agent, let requestID) = origin else { return [] }
        approvals.give(answer, to: origin, over: carrier)
        return carrier.map { [.respond($0, agent, requestID, answer)] } ?? []
    }

    /// A session's connection to the agent is gone, and with it, perhaps, what it carried.
    public mutating func connectionLost(of session: SessionID) -> [Effect] {
        approvals.given(over: session).flatMap { giveElsewhere($0.value, to: $0.key, than: session) }
    }

    /// A session had no connection to this agent when it should have carried an answer.
    public mutating func notDelivered(to agent: AgentID, _ requestID: RequestID, over session: SessionID) -> [Effect] {
        let origin = Approval.Origin.agent(agent, requestID)
        return approvals.given(over: session)[origin].map { giveElsewhere($0, to: origin, than: session) } ?? []
    }

    private mutating func giveElsewhere(_ answer: AgentAnswer, to origin: Approval.Origin, than session: SessionID)
        -> [Effect]
    {
        give(answer, to: origin, over: approvals.carriers(of: origin, without: session).intersection(sessions).first)
    }
}
