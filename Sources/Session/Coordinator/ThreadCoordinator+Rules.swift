import AuditRecord
import JSON
import Policy

/// Verdicts that need no person.
extension ThreadCoordinator {
    struct PendingVerdict: Sendable {
        enum Reason: Sendable, Hashable {
            /// The thread's mode lets calls run without asking.
            case unattended
            /// A person has approved the call for the rest of the thread.
            case standing(ThreadRecord.StandingBasis)
            case allowedBy(rule: String)
            case deniedBy(rule: String)

            var rule: String? {
                switch self {
                case .allowedBy(let rule), .deniedBy(let rule): rule
                case .unattended, .standing: nil
                }
            }
        }

        let input: HookInput
        let question: HookQuestion
        let place: CallPlace
        let reason: Reason
        /// Whose approval lets it leave the sandbox, if codex starts it outside without a question.
        let exit: ThreadRecord.StandingBasis?
        /// Has the sign-in ended of a person whose approval this rests on?
        var hasEnded = false
        var entry: AuditEntry?

        var isDenied: Bool { if case .deniedBy = reason { true } else { false } }

        var bases: [ThreadRecord.StandingBasis] {
            if case .standing(let basis) = reason { [basis, exit].compactMap { $0 } } else { exit.map { [$0] } ?? [] }
        }
    }

    /// nil if a person must be asked. Rules that deny or ask take precedence over everything else, also in a thread
    /// that asks nothing. What codex would start outside the sandbox without a question needs somebody who stands for
    /// that.
    func decidedBeforehand(_ input: HookInput, _ question: HookQuestion, at place: CallPlace) -> PendingVerdict? {
        let exit = exitBasis(input, question)
        func verdict(_ reason: PendingVerdict.Reason) -> PendingVerdict {
            PendingVerdict(input: input, question: question, place: place, reason: reason, exit: exit)
        }
        let record = threads[modeThread(of: input)] ?? ThreadRecord()
        let rules = ruleVerdict(input, question, place)
        if case .deny(let rule) = rules { return verdict(.deniedBy(rule: rule)) }
        if case .ask(.some) = rules { return nil }
        if exit == nil, leavesSandboxUnasked(input, question) { return nil }
        let beyond = beyondSandbox(input)
        if record.mode.policy.isUnattended, !mayForbid(input, question), beyond.ended.isEmpty,
            mayAllAskFor(record.mode.policy, authors(for: input))
        {
            return verdict(.unattended)
        }
        let standing = ThreadRecord.StandingGrant(
            input, at: place, in: record.mode, shown: question, beyond: beyond)
        if let basis = standing.flatMap({ record.standingGrants[$0] }),
            policy.floor(of: basis.client.principal).sessionApprovals
        {
            return verdict(.standing(basis))
        }
        // Arguments beyond the command's text could change what the text does.
        if case .allow(let rules) = rules, input.isPlain, beyond.ended.isEmpty {
            return verdict(.allowedBy(rule: rules.joined(separator: ", ")))
        }
        return nil
    }

    private func ruleVerdict(
        _ input: HookInput, _ question: HookQuestion, _ place: CallPlace
    ) -> CommandRules.Verdict {
        guard case .command(let command) = question, input.toolName == "Bash" else { return .ask(rule: nil) }
        return policy.rules.verdict(
            for: command, directory: place.directory,
            role: authors(for: input).lowestRole)
    }

    /// Could a rule deny the command or ask about it, if its script could be understood?
    private func mayForbid(_ input: HookInput, _ question: HookQuestion) -> Bool {
        guard case .command(let command) = question, input.toolName == "Bash" else { return false }
        return policy.rules.mayForbid(command)
    }

    /// The thread whose mode and standing approvals apply to a call: a sub-agent's own thread if a client has opened
    /// it, otherwise the thread that the sub-agent belongs to.
    func modeThread(of input: HookInput) -> String {
        if let own = input.subAgentThreadID, threads[own]?.isOpened == true { return own }
        return input.threadID
    }

    private func mayAllAskFor(_ approvals: ApprovalPolicy, _ authors: InputAuthors) -> Bool {
        authors.allSatisfy { role, isLocal in
            policy.floor(of: role, isLocal: isLocal).approvalPolicy >= approvals.questions
        }
    }

    mutating func hold(_ verdict: PendingVerdict, ticket: HookTicket, now: Milliseconds) -> [Effect] {
        var verdict = verdict
        let input = verdict.input
        var details: JSONObject = [
            "decision": verdict.isDenied ? "decline" : "accept", "tool": .string(input.toolName),
            "input": input.toolInput, "cwd": input.directory.path.map { .string($0) } ?? .null,
            "askedAt": .number(JSONNumber(now)), "decidedAt": .number(JSONNumber(now)),
        ]
        if let arguments = input.arguments, !arguments.members.isEmpty { details["arguments"] = .object(arguments) }
        details["rule"] = verdict.reason.rule.map { .string($0) }
        if verdict.exit != nil, !verdict.isDenied { details["leavesSandbox"] = true }
        let kind: AuditEntry.Kind =
            switch verdict.reason {
            case .unattended: .decisionUnattended
            case .standing: .decisionStanding
            case .allowedBy, .deniedBy: .decisionByRule
            }
        var entry = AuditEntry(
            kind, at: now, threadID: input.threadID, turnID: input.turnID, itemID: input.toolUseID, details: details)
        // Leaving the sandbox is the graver of two approvals.
        if !verdict.isDenied, let basis = verdict.bases.last { entry.rest(on: basis) }
        verdict.entry = entry
        pendingVerdicts[ticket] = verdict
        return [.record(entry, .hook(ticket))]
    }

    mutating func release(_ verdict: PendingVerdict, ticket: HookTicket, failure: String?) -> [Effect] {
        let input = verdict.input
        if let failure, var entry = verdict.entry {
            // Nothing was granted; the row says so once the disk works again.
            entry.details["decision"] = "decline"
            entry.details["unrecorded"] = .string(failure)
            note(entry)
        }
        if verdict.isDenied || failure != nil || verdict.hasEnded { ended(input) }
        if case .deniedBy(let rule) = verdict.reason {
            return [.decide(ticket, .deny(reason: "The rule \"\(rule)\" of this server denies it."))]
                + tell(verdict, decision: "deny")
        }
        if let failure {
            return [.decide(ticket, .deny(reason: "The record cannot be written, so nothing may run: \(failure)"))]
        }
        if verdict.hasEnded, var entry = verdict.entry {
            let reason = "The approval that this rested on has just ended. Try it again, and a person is asked."
            entry.details["decision"] = "decline"
            entry.details["reason"] = .string(reason)
            note(entry)
            return [.decide(ticket, .deny(reason: reason))]
        }
        let start = grant(input, verdict.question, at: verdict.place, mayLeaveSandbox: verdict.exit != nil)
        return start + [.decide(ticket, .allow(toolInput: input.toolInput))]
            + tell(verdict, decision: "allow")
    }

    private func tell(_ verdict: PendingVerdict, decision: String) -> [Effect] {
        guard let rule = verdict.reason.rule, case .command(let command) = verdict.question else { return [] }
        let input = verdict.input
        let params: JSONValue = [
            "threadId": .string(input.threadID), "turnId": .string(input.turnID), "itemId": .string(input.toolUseID),
            "command": .string(command), "decision": .string(decision), "rule": .string(rule),
        ]
        return notifySubscribers(of: input.threadID, "sre/decidedByRule", params)
    }
}

extension AuditEntry {
    /// Attributes the call to the person who gave the standing approval. The question that they answered goes into the
    /// details, because this row itself answers none.
    fileprivate mutating func rest(on basis: ThreadRecord.StandingBasis) {
        actor = basis.actor
        actorID = basis.actorID
        role = basis.role
        details["approval"] = ["requestId": .string(basis.requestID), "decidedAt": .number(JSONNumber(basis.at))]
    }
}
