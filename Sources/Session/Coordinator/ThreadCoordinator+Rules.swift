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
        var entry: AuditEntry?

        var isDenied: Bool { if case .deniedBy = reason { true } else { false } }
    }

    /// nil if a person must be asked. Rules that deny or ask take precedence over everything else, also in a thread
    /// that asks nothing.
    func decidedBeforehand(_ input: HookInput, _ question: HookQuestion, at place: CallPlace) -> PendingVerdict.Reason?
    {
        let record = threads[modeThread(of: input)] ?? ThreadRecord()
        let verdict = ruleVerdict(input, question, place)
        if case .deny(let rule) = verdict { return .deniedBy(rule: rule) }
        if case .ask(.some) = verdict { return nil }
        if record.mode.policy.isUnattended, mayAllAskFor(record.mode.policy, authors(for: input)) {
            return .unattended
        }
        if let basis = ThreadRecord.StandingGrant(input, at: place, in: record.mode).flatMap({
            record.standingGrants[$0]
        }) {
            return .standing(basis)
        }
        // Arguments beyond the command's text could change what the text does.
        if case .allow(let rules) = verdict, input.isPlain {
            return .allowedBy(rule: rules.joined(separator: ", "))
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
        let kind: AuditEntry.Kind =
            switch verdict.reason {
            case .unattended: .decisionUnattended
            case .standing: .decisionStanding
            case .allowedBy, .deniedBy: .decisionByRule
            }
        var entry = AuditEntry(
            kind, at: now, threadID: input.threadID, turnID: input.turnID, itemID: input.toolUseID, details: details)
        if case .standing(let basis) = verdict.reason { entry.rest(on: basis) }
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
        if verdict.isDenied || failure != nil { ended(input) }
        if case .deniedBy(let rule) = verdict.reason {
            return [.decide(ticket, .deny(reason: "The rule \"\(rule)\" of this server denies it."))]
                + tell(verdict, decision: "deny")
        }
        if let failure {
            return [.decide(ticket, .deny(reason: "The record cannot be written, so nothing may run: \(failure)"))]
        }
        return grant(input, verdict.question, at: verdict.place) + [.decide(ticket, .allow(toolInput: input.toolInput))]
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
