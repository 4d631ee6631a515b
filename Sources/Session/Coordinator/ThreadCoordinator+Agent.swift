import AuditRecord
public import JSON
public import JSONRPC

/// Requests of the agent's own: leaving the sandbox, questions to the person, whatever a later codex asks.
extension ThreadCoordinator {
    /// The agent asks over a session's connection. In shared mode it asks every subscriber of the thread,
    /// with the same id: that is one question.
    public mutating func agentAsked(
        _ agent: AgentID, _ requestID: RequestID, over session: SessionID, method: String, params: JSONValue,
        now: Milliseconds
    ) -> [Effect] {
        guard sessions.contains(session), !endedAgents.contains(agent) else { return [] }
        let origin = Approval.Origin.agent(agent, requestID)
        if let open = approvals.open(from: origin) {
            return approvals.show(open.id, to: session, now: now) ? [.show(open, to: session)] : []
        }
        if let answer = approvals.askedAgain(origin, over: session) {
            return [.respond(session, agent, requestID, answer)]
        }
        if approvals.isOver(origin) { return [] }
        let expiresAt = approvalTimeout.map { now + $0 }
        var params = params
        // What this version does not know stays as it is.
        let leavesSandbox = Self.leavesSandbox.contains(method)
        if leavesSandbox || Self.questions.contains(method) {
            var about: JSONObject = leavesSandbox ? ["asks": "outsideSandbox"] : [:]
            about["expiresAt"] = expiresAt.map { .number(JSONNumber($0)) }
            params["sre"] = .object(about)
        }
        let threadID = params["threadId"]?.stringValue ?? params["conversationId"]?.stringValue
        var approval = Approval(
            id: makeID(), origin: origin, threadID: threadID, method: method, params: params,
            askedAt: now, expiresAt: expiresAt, state: .waiting, shownTo: [session])
        approval.shownAt = now
        approvals.add(approval)
        note(asked: approval)
        let expiry = expiresAt.map { [Effect.expire(id: approval.id, at: $0)] } ?? []
        return [.show(approval, to: session), .announce(approval)] + expiry
    }

    /// With the gate in force codex itself asks only for what the sandbox forbids.
    static let leavesSandbox: Set<String> = [
        "item/commandExecution/requestApproval", "item/fileChange/requestApproval", Approval.permissions,
    ]

    /// Other questions that the page shows with the time that is left for them.
    static let questions: Set<String> = ["item/tool/requestUserInput", Approval.elicitation]

    /// The agent says that a request of its own is over. Clients know it by our id and hear it once, from us; so
    /// the agent's notification goes no further.
    public mutating func agentResolved(_ agent: AgentID, _ requestID: RequestID, now: Milliseconds) -> [Effect] {
        approvals.forgetAnswer(to: .agent(agent, requestID))
        return approvals.open(from: .agent(agent, requestID)).map { voided($0, now: now) } ?? []
    }

    /// An agent process ended: nothing it asked can be answered. Hooks notice by themselves.
    public mutating func agentEnded(_ agent: AgentID, now: Milliseconds) -> [Effect] {
        var effects: [Effect] = []
        endedAgents.insert(agent)
        approvals.forgetAnswers(to: agent)
        // Whoever has no connection to another agent than this one has none because that has ended, too.
        pendingInterrupts = [:]
        for open in approvals.allOpen {
            if case .agent(agent, _) = open.origin { effects += voided(open, now: now) }
        }
        for threadID in threads.keys {
            effects += startsEnded(by: agent, inThread: threadID)
            noteTurnsEnded(by: agent, inThread: threadID, now: now)
            for item in threads[threadID]?.work.takeItems(of: agent) ?? [] {
                if item.wasWatched {
                    let completion = item.started.completionOfUnknownOutcome(at: now)
                    effects += notifySubscribers(of: threadID, "item/completed", completion)
                }
                effects += notifySubscribers(of: threadID, "sre/outcomeUnknown", item.notice)
            }
        }
        return effects
    }
}
