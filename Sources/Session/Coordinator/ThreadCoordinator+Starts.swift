import AuditRecord
public import ExecGrants
import JSON

/// What the kernel may start, and what it has stopped.
extension ThreadCoordinator {
    /// A person lets a command leave the sandbox, or gives it more than its sandbox permits. codex asks this after the
    /// hook, and then starts the command differently from how it was granted. After a no codex does not start it at
    /// all.
    mutating func widenStart(_ approval: Approval, by pending: PendingAnswer?) -> [Effect] {
        let decision = pending?.decision
        guard let threadID = approval.threadID, let itemID = approval.params["itemId"]?.stringValue else { return [] }
        if approval.method == Approval.fileChange {
            guard let decision, Decision.grants(decision.word) else {
                return [.revokeStart(threadID: threadID, callID: itemID)]
            }
            guard var patch = threads[threadID]?.patchGrants[itemID] else { return [] }
            // The person may have taken longer than a grant lasts, and lets the patch write outside the sandbox.
            patch.confinement.writable = nil
            return [.allowStart(.patch(patch))] + limitsOfStarts(inThread: threadID)
        }
        // The command already runs: a yes to an address is no permission to leave the sandbox.
        guard approval.params["networkApprovalContext"].map(\.isNull) ?? true else { return [] }
        guard approval.method == Approval.command, var grant = threads[threadID]?.commandGrants[itemID] else {
            return []
        }
        guard let pending, let decision, Decision.grants(decision.word) || decision.isAmendment else {
            return [.revokeStart(threadID: threadID, callID: itemID)]
        }
        // Another call may have taken the id meanwhile.
        guard grant.isShown(as: approval.params["command"]?.stringValue) else {
            return [.revokeStart(threadID: threadID, callID: itemID)]
        }
        grant.mayLeaveSandbox = true
        // It runs without the sandbox, or with more than the sandbox permits.
        let additional = approval.params["additionalPermissions"]
        grant.confinement.writable =
            additional.flatMap { $0.isNull ? nil : writable($0) }.flatMap { more in
                grant.confinement.writable.map { $0 + more }
            }
        switch decision {
        case .acceptForSession: leavesSandbox.add(grant, on: pending.basis(approval.id))
        case .amendment(let amendment):
            leavesSandbox.add(amendment: .object(amendment), on: pending.basis(approval.id))
        case .accept, .decline, .cancel: break
        }
        return [.allowStart(.command(grant))] + limitsOfStarts(inThread: threadID)
    }

    /// A grant ends with its turn. Subscribers of the thread, or of a sub-agent's parent thread, report that end.
    /// Without a subscriber the grant expires by itself, and soon.
    func limitsOfStarts(inThread threadID: String) -> [Effect] {
        let record = threads[threadID]
        let isAttended =
            record?.isAttended ?? false || record?.parentThreadID.flatMap { threads[$0]?.isAttended } ?? false
        return isAttended ? [] : [.limitStarts(threadID: threadID)]
    }

    /// Revokes what the turns of an ended agent were allowed; the turns of sub-agents have ids of their own.
    func startsEnded(by agent: AgentID, inThread threadID: String) -> [Effect] {
        let turns = (threads[threadID]?.work.turns ?? [:]).filter { $0.value.agent == agent }
        guard !turns.isEmpty else { return [] }
        let subAgents = threads.filter { $0.value.parentThreadID == threadID }.keys.sorted()
        return turns.keys.sorted().map { .revokeStarts(turnID: $0) }
            + subAgents.map { .limitStarts(threadID: $0) }
    }

    /// Limits the starts in threads that have just become unattended, and in their sub-agents' threads.
    private func limitsOfStarts(afterLeaving left: Set<String>) -> [Effect] {
        guard !left.isEmpty else { return [] }
        let concerned = threads.filter { id, record in
            left.contains(id) || record.parentThreadID.map(left.contains) ?? false
        }
        return concerned.keys.sorted().flatMap { limitsOfStarts(inThread: $0) }
    }

    /// Runs `leave` on these threads, and returns the limits that follow.
    mutating func leaving(_ threadIDs: some Collection<String>, _ leave: (inout ThreadRecord) -> Void) -> [Effect] {
        var left: Set<String> = []
        for threadID in threadIDs {
            guard let wasAttended = threads[threadID]?.isAttended else { continue }
            leave(&threads[threadID, default: ThreadRecord()])
            if wasAttended, threads[threadID]?.isAttended == false { left.insert(threadID) }
        }
        return limitsOfStarts(afterLeaving: left)
    }

    /// The kernel has stopped a program without a grant before it began to run.
    public mutating func startStopped(_ refusal: ExecGate.Refusal, now: Milliseconds) -> [Effect] {
        guard mayRaiseStopAlarm(inThread: refusal.threadID, at: now) else { return [] }
        let message = "A program was stopped before it started: \(refusal.command) (\(refusal.reason))"
        note(
            AuditEntry(
                .alarm, at: now, threadID: refusal.threadID, itemID: refusal.callID,
                details: ["message": .string(message), "stopped": true]))
        var params: JSONObject = ["message": .string("\(message)."), "stopped": true]
        params["threadId"] = refusal.threadID.map { .string($0) }
        params["itemId"] = refusal.callID.map { .string($0) }
        var effects: [Effect] = []
        if let threadID = refusal.threadID, let record = threads[threadID], let session = record.subscribers.first {
            for turnID in record.work.turns.keys {
                let stop = Interrupt(threadID: threadID, turnID: turnID, subscribedThreadID: threadID)
                effects += interrupt(stop, over: session)
            }
        }
        return effects + notifyAllSessions("sre/alarm", .object(params))
    }

    /// codex retries some programs in another way. An endless retry must not fill the record, and one thread's stops
    /// must not hide another's: each thread has its own limit.
    private mutating func mayRaiseStopAlarm(inThread threadID: String?, at now: Milliseconds) -> Bool {
        guard let threadID, threads[threadID] != nil else { return stopAlarms.take(1, at: now) == nil }
        return threads[threadID, default: ThreadRecord()].stopAlarms.take(1, at: now) == nil
    }
}

extension CommandGrant {
    /// Whether codex's own question, in which it may have masked secrets, is about this command.
    fileprivate func isShown(as text: String?) -> Bool {
        guard let text, case .script(let script, _) = program else { return text != nil }
        let shown = ShellWords.unwrapped(text)
        return shown.isIdentical(to: script) || Redaction(shown).mayHide(script)
    }
}
