import AuditRecord
public import ExecGate
import JSON

/// What the kernel lets start, and what it has stopped.
extension ThreadCoordinator {
    /// A person lets a command out of the sandbox, or gives it more than its sandbox has. codex asks this after the hook,
    /// and then starts it in another way than it was granted.
    /// After a no it does not start at all.
    mutating func widenStart(_ approval: Approval, _ decision: Decision?) -> [Effect] {
        guard let threadID = approval.threadID, let itemID = approval.params["itemId"]?.stringValue else { return [] }
        if approval.method == Approval.fileChange, let decision, Decision.grants(decision.word),
            var patch = threads[threadID]?.patchGrants[itemID]
        {
            // The person may have taken longer than a grant lasts, and lets it write outside the sandbox.
            patch.confinement.writable = nil
            return [.allowStart(.patch(patch))] + limitsOfStarts(inThread: threadID)
        }
        // It runs already: a yes to an address is none to leaving the sandbox.
        guard approval.params["networkApprovalContext"].map(\.isNull) ?? true else { return [] }
        guard approval.method == Approval.command, var grant = threads[threadID]?.commandGrants[itemID] else {
            return []
        }
        guard let decision, Decision.grants(decision.word) || decision.isAmendment else {
            return [.revokeStart(threadID: threadID, callID: itemID)]
        }
        grant.mayLeaveSandbox = true
        // Without the sandbox, or with more than it has.
        let additional = approval.params["additionalPermissions"]
        grant.confinement.writable =
            additional.flatMap { $0.isNull ? nil : writable($0) }.flatMap { more in
                grant.confinement.writable.map { $0 + more }
            }
        switch decision {
        case .acceptForSession: leavesSandbox.add(grant)
        case .amendment(let amendment): leavesSandbox.add(amendment: .object(amendment))
        case .accept, .decline, .cancel: break
        }
        return [.allowStart(.command(grant))] + limitsOfStarts(inThread: threadID)
    }

    /// A grant ends with its turn. Subscribers of the thread, or of the thread that a sub-agent belongs to, report its
    /// end. Without a subscriber the grant ends by itself, and soon.
    func limitsOfStarts(inThread threadID: String) -> [Effect] {
        let record = threads[threadID]
        let isAttended =
            record?.isAttended ?? false || record?.parentThreadID.flatMap { threads[$0]?.isAttended } ?? false
        return isAttended ? [] : [.limitStarts(threadID: threadID)]
    }

    /// What the turns of an agent that has ended were allowed; those of sub-agents have names of their own.
    func startsEnded(by agent: AgentID, inThread threadID: String) -> [Effect] {
        let turns = (threads[threadID]?.work.turns ?? [:]).filter { $0.value.agent == agent }
        guard !turns.isEmpty else { return [] }
        let subAgents = threads.filter { $0.value.parentThreadID == threadID }.keys.sorted()
        return turns.keys.sorted().map { .revokeStarts(turnID: $0) }
            + subAgents.map { .limitStarts(threadID: $0) }
    }

    /// Somebody stops hearing of these threads.
    private func limitsOfStarts(afterLeaving left: Set<String>) -> [Effect] {
        guard !left.isEmpty else { return [] }
        let concerned = threads.filter { id, record in
            left.contains(id) || record.parentThreadID.map(left.contains) ?? false
        }
        return concerned.keys.sorted().flatMap { limitsOfStarts(inThread: $0) }
    }

    /// Runs `leave` on these threads.
    mutating func leaving(_ threadIDs: some Collection<String>, _ leave: (inout ThreadRecord) -> Void) -> [Effect] {
        var left: Set<String> = []
        for threadID in threadIDs {
            guard let wasAttended = threads[threadID]?.isAttended else { continue }
            leave(&threads[threadID, default: ThreadRecord()])
            if wasAttended, threads[threadID]?.isAttended == false { left.insert(threadID) }
        }
        return limitsOfStarts(afterLeaving: left)
    }

    /// A person grants what codex asked for by `item/permissions/requestApproval`: its commands' profiles have more paths.
    mutating func notePermissions(_ approval: Approval, _ result: JSONValue) {
        guard approval.method == Approval.permissions, let threadID = approval.threadID,
            result["permissions"]?["fileSystem"].map({ !$0.isNull }) ?? false
        else { return }
        let more = writable(result["permissions"] ?? .null)
        threads[threadID, default: ThreadRecord()].moreWritable = (threads[threadID]?.moreWritable ?? []) + more
    }

    /// The paths that these permissions let commands write, links resolved. codex spells them in two ways.
    private func writable(_ permissions: JSONValue) -> [String] {
        let fileSystem = permissions["fileSystem"]
        let entries = (fileSystem?["entries"]?.arrayValue ?? []).filter { $0["access"] == "write" }
        let paths =
            (fileSystem?["write"]?.arrayValue ?? []).compactMap(\.stringValue)
            + entries.compactMap { $0["path"]?["path"]?.stringValue }
        return paths.map { policy.resolveDirectory($0) ?? policy.files.resolve($0) ?? $0 }
    }

    /// The kernel has stopped a program that had no grant, before it began.
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

    /// codex tries some of them twice, in another way. What goes on for ever must not fill the record, and what one thread
    /// does must not hide another's: each has a limit of its own.
    private mutating func mayRaiseStopAlarm(inThread threadID: String?, at now: Milliseconds) -> Bool {
        guard let threadID, threads[threadID] != nil else { return stopAlarms.take(1, at: now) == nil }
        return threads[threadID, default: ThreadRecord()].stopAlarms.take(1, at: now) == nil
    }
}
