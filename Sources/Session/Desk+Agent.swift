import AuditRecord
public import JSON
public import JSONRPC

/// Requests of the agent's own: leaving the sandbox, questions to the person, whatever a later codex asks.
extension Desk {
    /// The agent asks over a session's connection. In shared mode it asks every session that follows the thread,
    /// with the same id: that is one question.
    public mutating func agentAsked(
        _ agent: AgentID, _ requestID: RequestID, over session: SessionID, method: String, params: JSONValue,
        now: Milliseconds
    ) -> [Effect] {
        if let waiting = approvals.open(from: .agent(agent, requestID)) {
            guard waiting.isWaiting else { return [] }
            return approvals.show(waiting.id, to: session, now: now) ? [.show(waiting, to: session)] : []
        }
        let origin = Approval.Origin.agent(agent, requestID)
        if let answer = approvals.takeOwed(to: origin) { return [.respond(session, requestID, answer)] }
        if approvals.isOver(origin) { return [] }
        if takeToolGrant(method, params) {
            approvals.noteOver(origin)
            return [.respond(session, requestID, .result(["action": "accept", "content": [:], "_meta": nil]))]
        }
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

    /// codex asks once more about an MCP call that the gate has just put to a person, as an elicitation without an
    /// item. The person has answered: it is not asked twice.
    private mutating func takeToolGrant(_ method: String, _ params: JSONValue) -> Bool {
        guard method == "mcpServer/elicitation/request",
            params["_meta"]?["codex_approval_kind"]?.stringValue == "mcp_tool_call",
            let threadID = params["threadId"]?.stringValue, let server = params["serverName"]?.stringValue
        else { return false }
        let name = String(server.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        let arguments = params["_meta"]?["tool_params"] ?? [:]
        guard
            let index = threads[threadID]?.toolGrants.firstIndex(where: {
                $0.server == name && $0.arguments == arguments
            })
        else { return false }
        threads[threadID]?.toolGrants.remove(at: index)
        return true
    }

    /// With the gate in force codex itself asks only for what the sandbox forbids.
    static let leavesSandbox: Set<String> = [
        "item/commandExecution/requestApproval", "item/fileChange/requestApproval",
        "item/permissions/requestApproval",
    ]

    /// Other questions that the page shows with the time that is left for them.
    static let questions: Set<String> = ["item/tool/requestUserInput", "mcpServer/elicitation/request"]

    /// The agent says that a request of its own is over. Clients know it by our id and hear it once, from us; so
    /// the agent's notification goes no further.
    public mutating func agentResolved(_ agent: AgentID, _ requestID: RequestID, now: Milliseconds) -> [Effect] {
        guard let open = approvals.open(from: .agent(agent, requestID)),
            let approval = approvals.finish(open.id, .void(at: now))
        else { return [] }
        note(void: approval, now: now)
        return resolved(approval)
    }

    /// An agent process ended: nothing it asked can be answered. Hooks notice by themselves.
    public mutating func agentEnded(_ agent: AgentID, now: Milliseconds) -> [Effect] {
        var effects: [Effect] = []
        for open in approvals.allOpen {
            guard case .agent(agent, _) = open.origin, let approval = approvals.finish(open.id, .void(at: now)) else {
                continue
            }
            note(void: approval, now: now)
            effects += resolved(approval)
        }
        for threadID in threads.keys {
            for item in threads[threadID]?.agentEnded(agent) ?? [] {
                effects += tellFollowers(of: threadID, "item/completed", item.completionOfUnknownOutcome(at: now))
                effects += tellFollowers(of: threadID, "sre/outcomeUnknown", item.notice)
            }
        }
        return effects
    }

    /// In shared mode every follower's connection reports it; it is recorded once.
    public mutating func itemCompleted(_ item: CompletedItem, now: Milliseconds) -> [Effect] {
        guard threads[item.threadID]?.runningItems.removeValue(forKey: item.itemID) != nil else { return [] }
        note(
            AuditEntry(
                .itemCompleted, at: now, threadID: item.threadID, turnID: item.turnID, itemID: item.itemID,
                details: item.outcome, digested: item.digested))
        return []
    }

    public mutating func turnBegan(
        _ turnID: String, inThread threadID: String, by caller: Caller, input: JSONValue, now: Milliseconds
    ) -> [Effect] {
        threads[threadID, default: ThreadRecord()].began(turnID, by: caller.actor)
        note(caller.entry(.turnStarted, at: now, threadID: threadID, turnID: turnID, details: ["input": input]))
        return []
    }

    /// What of a turn had no end of its own has ended with it.
    public mutating func turnCompleted(
        _ turnID: String, inThread threadID: String, status: String?, now: Milliseconds
    ) -> [Effect] {
        if threads[threadID]?.ended(turnID) == true {
            note(
                AuditEntry(
                    .turnCompleted, at: now, threadID: threadID, turnID: turnID,
                    details: ["status": status.map { .string($0) } ?? .null]))
        }
        guard let running = threads[threadID]?.runningItems, !running.isEmpty else { return [] }
        threads[threadID]?.runningItems = running.filter { $0.value.item.turnID != turnID }
        return []
    }

    private static func isSame(_ directory: String, _ other: String) -> Bool {
        CommandDirectory.resolved(directory, in: "/").isIdentical(to: CommandDirectory.resolved(other, in: "/"))
    }

    /// An item that executes something has started: was it granted? In shared mode every follower's connection
    /// reports it; the alarm is raised once.
    public mutating func itemStarted(
        _ item: StartedItem, by agent: AgentID, seenBy session: SessionID, now: Milliseconds
    ) -> [Effect] {
        threads[item.threadID, default: ThreadRecord()].runningItems[item.itemID] = .init(agent: agent, item: item)
        let message: String
        switch threads[item.threadID]?.itemGrants[item.itemID] {
        case nil: message = "Something runs that nobody was asked about: \(item.command ?? item.kind)"
        case .command(let allowed, let directory):
            // A command that codex itself recognises as a patch is reported as one.
            guard let running = item.command else { return [] }
            if !allowed.isIdentical(to: running) {
                message = "Another command runs than the one that was approved: \(running)"
            } else if let directory, let cwd = item.cwd, !Self.isSame(directory, cwd) {
                message = "The approved command runs in another directory, \(cwd): \(running)"
            } else {
                return []
            }
        case .patch:
            guard let running = item.command else { return [] }
            message = "A command runs where a change of files was approved: \(running)"
        case .tool: return []
        }
        guard threads[item.threadID, default: ThreadRecord()].alarmedItems.insert(item.itemID).inserted else {
            return []
        }
        note(
            AuditEntry(
                .alarm, at: now, threadID: item.threadID, turnID: item.turnID, itemID: item.itemID,
                details: ["message": .string(message)]))
        let params: JSONValue = [
            "threadId": .string(item.threadID), "itemId": .string(item.itemID),
            "message": .string("\(message). The turn was stopped."),
        ]
        return [.interrupt(session, threadID: item.threadID, turnID: item.turnID)]
            + tellEverybody("sre/alarm", params)
    }
}
