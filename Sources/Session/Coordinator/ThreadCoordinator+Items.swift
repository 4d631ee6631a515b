import AuditRecord
public import ExecGrants
public import JSON

/// Running work: turns that people have asked for, and the items in them that execute something.
extension ThreadCoordinator {
    /// In shared mode every subscriber's connection reports the completion; it is recorded once. `started` counts the
    /// programs that the item started, as the processes themselves report it.
    public mutating func itemCompleted(
        _ item: CompletedItem, started: StartedPrograms.Tally? = nil, now: Milliseconds
    ) -> [Effect] {
        threads[item.threadID]?.reportedItems.insert(item.itemID)
        if let end = item.end {
            guard threads[item.threadID]?.reportedEnds.contains(end) != true else { return [] }
            threads[item.threadID]?.reportedEnds.insert(end)
        }
        threads[item.threadID]?.ended(call: item.itemID, ofTurn: item.turnID)
        guard threads[item.threadID]?.work.completed(item) == true else { return [] }
        var outcome = item.outcome
        if let started {
            outcome["started"] = started.json
        }
        note(
            AuditEntry(
                .itemCompleted, at: now, threadID: item.threadID, turnID: item.turnID, itemID: item.itemID,
                details: outcome, digested: item.digested))
        guard let turnID = item.turnID else { return [] }
        return [.revokePatch(threadID: item.threadID, turnID: turnID, callID: item.itemID)]
    }

    public mutating func turnBegan(
        _ turnID: String, inThread threadID: String, by client: ClientContext, of agent: AgentID, input: JSONValue,
        clientMessageID: String? = nil, settings: JSONObject = JSONObject(),
        now: Milliseconds
    ) -> [Effect] {
        threads[threadID, default: ThreadRecord()].work.began(turnID, by: client.principal, of: agent)
        var details: JSONObject = ["input": input]
        details["clientUserMessageId"] = clientMessageID.map { .string($0) }
        if !settings.members.isEmpty { details["settings"] = .object(settings) }
        note(client.entry(.turnStarted, at: now, threadID: threadID, turnID: turnID, details: details))
        if endedAgents.contains(agent) { noteTurnsEnded(by: agent, inThread: threadID, now: now) }
        return inputReceived(client.principal, inThread: threadID)
    }

    public mutating func turnCompleted(
        _ turnID: String, inThread threadID: String, status: String?, now: Milliseconds
    ) -> [Effect] {
        turnNeedsNoInterrupt(turnID)
        threads[threadID]?.endedCalls(ofTurn: turnID)
        if threads[threadID]?.work.ended(turnID) == true {
            note(turnCompleted: turnID, inThread: threadID, ["status": status.map { .string($0) } ?? .null], at: now)
        }
        return [.revokeStarts(turnID: turnID)]
    }

    /// Turns end with their agent, and nothing else reports that.
    mutating func noteTurnsEnded(by agent: AgentID, inThread threadID: String, now: Milliseconds) {
        for (turnID, turn) in threads[threadID]?.work.takeTurns(of: agent) ?? [] {
            let details: JSONObject =
                turn.isWatched
                ? ["status": "interrupted", "message": "The agent ended."]
                : [
                    "status": nil,
                    "message": "The thread had no subscriber when it ended, and the agent has ended since.",
                ]
            note(turnCompleted: turnID, inThread: threadID, details, at: now)
        }
    }

    private mutating func note(
        turnCompleted turnID: String, inThread threadID: String, _ details: JSONObject, at now: Milliseconds
    ) {
        note(AuditEntry(.turnCompleted, at: now, threadID: threadID, turnID: turnID, details: details))
    }

    private static func isSame(_ directory: String, _ other: String) -> Bool {
        CommandDirectory.resolved(directory, in: "/").isIdentical(to: CommandDirectory.resolved(other, in: "/"))
    }

    /// An item that executes something has started: was it granted? In shared mode every subscriber's connection
    /// reports it; the alarm is raised once.
    public mutating func itemStarted(
        _ item: StartedItem, by agent: AgentID, seenBy session: SessionID, now: Milliseconds
    ) -> [Effect] {
        threads[item.threadID, default: ThreadRecord()].reportedItems.insert(item.itemID)
        guard !endedAgents.contains(agent),
            !item.isWork || threads[item.threadID, default: ThreadRecord()].work.started(item, by: agent)
        else { return [] }
        let message: String
        switch threads[item.threadID]?.itemGrants[item.itemID] {
        case nil: message = "A call runs that was never asked about: \(item.command ?? item.kind)"
        case .command(let allowed, let directory, let shells):
            // A command that codex itself recognises as a patch is reported as a patch.
            guard let running = item.command else { return [] }
            if !allowed.isIdentical(to: running), !Redaction(running).mayHide(allowed) {
                message = "Another command runs than the one that was approved: \(running)"
            } else if let shell = item.shell, shell.path.hasPrefix("/"), !shells.contains(shell) {
                let name = shell.isLogin ? shell.path : "\(shell.path) (not as a login shell)"
                message = "The approved command runs in another shell, \(name): \(running)"
            } else if let directory, let cwd = item.cwd, !Self.isSame(directory, cwd) {
                message = "The approved command runs in another directory, \(cwd): \(running)"
            } else {
                return []
            }
        case .harmless(let tool, let addressees):
            guard !item.isCall(of: tool, to: addressees) else { return [] }
            message = "A call runs that was never asked about: \(item.command ?? item.kind)"
        case .patch:
            guard let running = item.command else { return [] }
            message = "A command runs although only a file change was approved: \(running)"
        case .tool(let name, _):
            guard item.kind != "mcpToolCall", !item.isCall(of: name, to: []) else { return [] }
            message = "Something else runs than the tool that was approved: \(item.command ?? item.kind)"
        }
        return receivedUnasked(item)
            + alarm(message, inThread: item.threadID, turnID: item.turnID, itemID: item.itemID, over: session, now: now)
    }

    /// Something runs that nobody approved: records it, tells everybody and stops the turn. Raised once per item.
    mutating func alarm(
        _ message: String, inThread threadID: String, turnID: String, itemID: String, over session: SessionID,
        now: Milliseconds
    ) -> [Effect] {
        guard threads[threadID, default: ThreadRecord()].alarmedItems.insert(itemID).inserted else { return [] }
        note(
            AuditEntry(
                .alarm, at: now, threadID: threadID, turnID: turnID, itemID: itemID,
                details: ["message": .string(message)]))
        let params: JSONValue = [
            "threadId": .string(threadID), "itemId": .string(itemID),
            "message": .string("\(message). The turn was stopped."),
        ]
        let stop = Interrupt(threadID: threadID, turnID: turnID, subscribedThreadID: threadID)
        return interrupt(stop, over: session) + notifyAllSessions("sre/alarm", params)
    }
}
