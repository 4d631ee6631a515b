import AuditRecord
public import JSON
public import JSONRPC

/// Requests from the agent: to leave the sandbox, to ask the person, and whatever later versions of codex ask.
extension ThreadCoordinator {
    /// The agent asks over a session's connection. In shared mode it asks every subscriber of the thread with the same
    /// id: that is one question.
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
        if method == ClientToolCall.method, let effects = whyNotCalled(params, over: session, now: now) {
            return effects + [.respond(session, agent, requestID, .error(ClientToolCall.refusal))]
        }
        let expiresAt = approvalTimeout.map { now + $0 }
        var params = params
        // Methods that this version does not know stay unchanged.
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
        if method == Approval.fileChange, let threadID, let itemID = params["itemId"]?.stringValue {
            approval.reportedChanges = threads[threadID]?.work.items[itemID]?.item.changes
        }
        approvals.add(approval)
        note(asked: approval)
        let expiry = expiresAt.map { [Effect.expire(id: approval.id, at: $0)] } ?? []
        return [.show(approval, to: session), .announce(approval)] + expiry
    }

    /// nil if the call of a client's own tool was approved, as this tool with these arguments.
    private mutating func whyNotCalled(_ params: JSONValue, over session: SessionID, now: Milliseconds) -> [Effect]? {
        guard let call = ClientToolCall(params) else { return [] }
        let grant = threads[call.threadID]?.itemGrants[call.callID]
        guard grant?.covers(call) != true else {
            threads[call.threadID]?.used(item: call.callID)
            return nil
        }
        return alarm(
            "A client's tool was called without approval: \(call.name)", inThread: call.threadID, turnID: call.turnID,
            itemID: call.callID, over: session, now: now)
    }

    /// With the gate in force, codex itself asks only for what the sandbox forbids.
    static let leavesSandbox: Set<String> = [
        "item/commandExecution/requestApproval", "item/fileChange/requestApproval", Approval.permissions,
    ]

    /// Other questions that the page shows with their remaining time.
    static let questions: Set<String> = ["item/tool/requestUserInput", Approval.elicitation]

    /// The agent reports that one of its requests is over. Clients know the request by the server's id and hear from
    /// the server once, so the agent's notification is not forwarded.
    public mutating func agentResolved(_ agent: AgentID, _ requestID: RequestID, now: Milliseconds) -> [Effect] {
        approvals.forgetAnswer(to: .agent(agent, requestID))
        return approvals.open(from: .agent(agent, requestID)).map { voided($0, now: now) } ?? []
    }

    /// An agent process ended: none of its requests can be answered. Hooks notice by themselves.
    public mutating func agentEnded(_ agent: AgentID, now: Milliseconds) -> [Effect] {
        var effects: [Effect] = []
        endedAgents.insert(agent)
        approvals.forgetAnswers(to: agent)
        // A session without a connection to another agent has none because that agent has ended too.
        pendingInterrupts = [:]
        for open in approvals.allOpen {
            if case .agent(agent, _) = open.origin { effects += voided(open, now: now) }
        }
        for threadID in threads.keys {
            effects += startsEnded(by: agent, inThread: threadID)
            noteTurnsEnded(by: agent, inThread: threadID, now: now)
            for item in threads[threadID]?.work.takeItems(of: agent) ?? [] {
                note(
                    AuditEntry(
                        .itemCompleted, at: now, threadID: threadID, turnID: item.started.turnID,
                        itemID: item.started.itemID, details: item.outcome))
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
