import AuditRecord
import ExecGrants
import JSON

/// Questions from the gate.
extension ThreadCoordinator {
    /// A hook asks whether a tool call may run. Every ticket is decided exactly once, here or later.
    public mutating func hookAsked(_ input: HookInput, ticket: HookTicket, now: Milliseconds) -> [Effect] {
        turnChanged(input) + learnParents(input.parents) + judge(asked(input), ticket: ticket, now: now)
    }

    /// A thread runs one turn at a time, so what an earlier one was allowed and has not started is void. The end of that
    /// turn may have been reported to nobody.
    private mutating func turnChanged(_ input: HookInput) -> [Effect] {
        let last = threads[input.callThreadID]?.lastTurnID
        threads[input.callThreadID, default: ThreadRecord()].lastTurnID = input.turnID
        guard let last, last != input.turnID else { return [] }
        return [.revokeStarts(turnID: last)]
    }

    private mutating func judge(_ input: HookInput, ticket: HookTicket, now: Milliseconds) -> [Effect] {
        let question = HookQuestion(input)
        let place = callPlace(input)
        let addressees = input.addressedAgents
        if let reason = whyNotAddressed(addressees, by: input) {
            return refuse(input, ticket: ticket, reason, now: now)
        }
        guard question != .harmless else {
            return pass(authorsOf: input, to: addressees) + grant(input, question, at: place)
                + [.decide(ticket, .allow(toolInput: input.toolInput))]
        }
        if let fault = PatchFault(input) { return refuse(input, ticket: ticket, fault.reason, now: now) }
        guard threads[input.callThreadID, default: ThreadRecord()].began(call: input.toolUseID, inTurn: input.turnID)
        else {
            let reason = "A call with the id \(input.toolUseID) has not ended. Use each id once."
            return refuse(input, ticket: ticket, reason, now: now)
        }
        if let verdict = decidedBeforehand(input, question, at: place) {
            return hold(verdict, ticket: ticket, now: now)
        }
        let record = threads[input.threadID] ?? ThreadRecord()
        let expiresAt = approvalTimeout.map { now + $0 }
        var (method, params) = question.request(about: input, askedAt: now, expiresAt: expiresAt)
        let beyond = beyondSandbox(input)
        if let command = command(of: input, question), leavesSandbox.covers(command) || !beyond.ended.isEmpty,
            var about = params["sre"]?.objectValue
        {
            // codex will not ask about that again.
            about["asks"] = .string(Self.outsideSandbox)
            params["sre"] = .object(about)
        }
        var approval = Approval(
            id: makeID(), origin: .hook(ticket), threadID: input.threadID, method: method, params: params,
            askedAt: now, expiresAt: expiresAt, state: .waiting, shownTo: record.subscribers)
        approval.hookInput = input
        approval.callPlace = place
        approval.standing = ThreadRecord.StandingGrant(
            input, at: place, in: mode(of: modeThread(of: input)), shown: question, beyond: beyond)
        approval.shownAt = record.subscribers.isEmpty ? nil : now
        approvals.add(approval)
        note(asked: approval)
        let expiry = expiresAt.map { [Effect.expire(id: approval.id, at: $0)] } ?? []
        return record.subscribers.flatMap { put(approval, to: $0) } + [.announce(approval)] + expiry
    }

    /// If somebody who may answer has subscribed to the sub-agent's own thread, asks there.
    private func asked(_ input: HookInput) -> HookInput {
        guard let own = input.subAgentThreadID, let record = threads[own], record.isOpened,
            record.subscribers.contains(where: answerers.contains)
        else { return input }
        return input.inOwnThread(own)
    }

    /// Refuses the call without asking, in every mode of the thread.
    private mutating func refuse(
        _ input: HookInput, ticket: HookTicket, _ reason: String, now: Milliseconds
    ) -> [Effect] {
        note(
            AuditEntry(
                .decisionByRule, at: now, threadID: input.threadID, turnID: input.turnID, itemID: input.toolUseID,
                details: [
                    "decision": "decline", "tool": .string(input.toolName), "input": input.toolInput,
                    "cwd": input.directory.path.map { .string($0) } ?? .null, "reason": .string(reason),
                    "askedAt": .number(JSONNumber(now)), "decidedAt": .number(JSONNumber(now)),
                ]))
        return [.decide(ticket, .deny(reason: reason))]
    }

    /// Puts a question to a session. A patch's item goes first: without it the person cannot see what would change.
    func put(_ approval: Approval, to session: SessionID) -> [Effect] {
        guard let input = approval.hookInput,
            let item = HookQuestion(input).itemStarted(for: input, at: approval.askedAt)
        else { return [.show(approval, to: session)] }
        return [.notify(session, method: "item/started", params: item), .show(approval, to: session)]
    }

    /// The hook went away without a verdict: the turn was stopped, or the agent ended.
    public mutating func hookGone(_ ticket: HookTicket, now: Milliseconds) -> [Effect] {
        if let verdict = pendingVerdicts.removeValue(forKey: ticket), var entry = verdict.entry {
            ended(verdict.input)
            // The permission to run was being written to disk, but the call does not run.
            entry.kind = .decisionVoid
            entry.at = now
            note(entry)
        }
        guard let approval = approvals.open(from: .hook(ticket)) else { return [] }
        approval.hookInput.map { ended($0) }
        return voided(approval, now: now)
    }

    /// The call does not run.
    mutating func ended(_ input: HookInput) {
        threads[input.callThreadID]?.ended(call: input.toolUseID, ofTurn: input.turnID)
    }

    /// Decides the hook of an approval according to the decision. `pending` is nil if no answer came.
    mutating func settle(
        _ approval: Approval, ticket: HookTicket, _ decision: Decision, by pending: PendingAnswer?
    ) -> [Effect] {
        guard let input = approval.hookInput else { return [] }
        let question = HookQuestion(input)
        let place = approval.callPlace ?? callPlace(input)
        if decision != .accept, decision != .acceptForSession { ended(input) }
        switch decision {
        case .accept, .acceptForSession:
            let isAboutExit = approval.params["sre"]?["asks"]?.stringValue == Self.outsideSandbox
            if decision == .acceptForSession, let pending {
                let basis = pending.basis(approval.id)
                if let standing = approval.standing { threads[modeThread(of: input)]?.stand(standing, on: basis) }
                if isAboutExit, let command = command(of: input, question), leavesSandbox.covers(command) {
                    leavesSandbox.add(command, on: basis)
                }
            }
            // Somebody may have let it leave the sandbox after this question was asked.
            let mayLeave = isAboutExit || exitBasis(input, question) != nil
            return grant(input, question, at: place, mayLeaveSandbox: mayLeave) + [
                .decide(ticket, .allow(toolInput: input.toolInput))
            ]
        case .decline(let reason):
            return [.decide(ticket, .deny(reason: Self.declined(reason)))]
        case .cancel:
            var effects: [Effect] = [.decide(ticket, .deny(reason: "The person stopped the turn."))]
            if let session = pending?.session {
                // The session that stopped the turn may be gone.
                let deliverySession = sessions.contains(session) ? session : threads[input.threadID]?.subscribers.first
                let stop = Interrupt(
                    threadID: input.subAgentThreadID ?? input.threadID, turnID: input.turnID,
                    subscribedThreadID: input.threadID)
                effects += interrupt(stop, over: deliverySession ?? session)
            }
            return effects
        case .amendment:
            return [.decide(ticket, .deny(reason: Self.declined(nil)))]
        }
    }

    private static func declined(_ reason: String?) -> String {
        guard let reason, !reason.isEmpty else { return "The person declined it. Do not try it again unasked." }
        return "The person declined it and says: \(reason)"
    }

    /// codex never reports an item that its hook stopped, so the item that clients were shown is ended here.
    func itemDeclined(_ approval: Approval, at now: Milliseconds) -> [Effect] {
        guard let input = approval.hookInput, let item = HookQuestion(input).itemDeclined(for: input, at: now) else {
            return []
        }
        return approval.shownTo.map { .notify($0, method: "item/completed", params: item) }
    }

    /// The word for a question about leaving the sandbox.
    static let outsideSandbox = "outsideSandbox"

    /// Notes what may run under the item's id. The effects let the kernel start it. `mayLeaveSandbox`: if codex starts
    /// it outside without a further question, then somebody has approved that.
    mutating func grant(
        _ input: HookInput, _ question: HookQuestion, at place: CallPlace, mayLeaveSandbox: Bool = false
    ) -> [Effect] {
        let item: ItemGrant
        switch question {
        case .command(let command) where input.toolName == "Bash":
            item = .command(command, directory: input.directory.path, shells: input.shells)
        case .patch: item = .patch
        case .command: item = .tool(name: input.toolName, input: input.toolInput)
        case .harmless: item = .harmless(tool: input.toolName, addressees: Set(input.addressedAgents))
        }
        let threadID = input.callThreadID
        threads[threadID, default: ThreadRecord()].grant(item: input.toolUseID, item)
        let modeThread = modeThread(of: input)
        let mode = mode(of: modeThread)
        let given = threads[modeThread]?.beyondSandbox(inTurn: input.turnID).compactMap(\.writable) ?? []
        let more = given.isEmpty ? nil : given.flatMap { $0 }
        let confinement = place.confinement(mode.sandbox, more: more ?? [])
        let belonging = input.subAgentThreadID.map { belongs($0, to: input.threadID) } ?? []
        let starts = question.startGrants(
            for: input, in: mode.sandbox, mayUseNetwork: mode.hasNetwork, confinement
        ).map { grant in
            var grant = grant
            if case .command(var command) = grant {
                command.mayLeaveSandbox = mayLeaveSandbox && leavesSandbox.covers(command)
                if command.mayLeaveSandbox { command.confinement.writable = nil }
                if more != nil { command.width = max(command.width, .workspaceWrite) }
                grant = .command(command)
            }
            threads[threadID]?.noteStart(of: input.toolUseID, grant)
            return Effect.allowStart(grant)
        }
        return belonging + starts + (starts.isEmpty ? [] : limitsOfStarts(inThread: threadID))
    }

    /// Asks the file system, as rules do.
    private func callPlace(_ input: HookInput) -> CallPlace {
        let mode = mode(of: modeThread(of: input))
        return CallPlace(input, mode.place, cwd: mode.cwd, policy)
    }
}
