import AuditRecord
public import JSON
import JSONRPC
import Policy

/// Answers to questions, and endings without an answer.
extension ThreadCoordinator {
    /// Exactly one answer to a question is ever forwarded. An unusable answer is rejected with its reason, and a
    /// waiting question keeps waiting.
    public mutating func answered(
        _ requestID: JSONValue, _ answer: Answer, from session: SessionID, by client: ClientContext, now: Milliseconds
    ) -> [Effect] {
        switch check(requestID, answer, from: session, by: client) {
        case .failure(let fault):
            let id = requestID.stringValue.map { String($0.prefix(100)) }
            let entry = client.entry(
                .answerRejected, at: now, threadID: id.flatMap { approvals[$0]?.threadID }, requestID: id)
            return reject(entry, of: session, fault.rejection)
        case .success(let (approval, decision)):
            let word = decision?.word ?? "answered"
            guard approvals.decide(approval.id, word: word, by: client.principal.name, at: now) else { return [] }
            var effects: [Effect] = []
            let conveysWords = approval.conveysWords(answer, decision)
            if let threadID = approval.threadID, conveysWords {
                effects += inputReceived(client.principal, inThread: threadID)
            }
            var details = times(approval)
            details["decision"] = .string(word)
            details["decidedAt"] = .number(JSONNumber(now))
            if case .result(let result) = answer {
                details["comment"] = result["comment"]
                details["reason"] = result["reason"]
                if case .decline(let reason?) = decision { details["reason"] = .string(reason) }
                // An answer with more than a word, such as a rule's content, is kept whole.
                if decision == nil || result["decision"]?.stringValue == nil { details["answer"] = result }
            }
            let entry = entry(.decision, approval, at: now, by: client, details: details)
            pendingAnswers[approval.id] = PendingAnswer(
                answer: answer, decision: decision, session: session, client: client, entry: entry,
                isGrant: approval.isGranted(by: answer, decision), conveysWords: conveysWords)
            // The author is kept before the agent gets the words.
            return effects + [.record(entry, .approval(approval.id))]
        }
    }

    private struct Fault: Error { let rejection: Rejection }

    private func check(_ requestID: JSONValue, _ answer: Answer, from session: SessionID, by client: ClientContext)
        -> Result<(Approval, Decision?), Fault>
    {
        func reject(_ reason: Rejection.Reason, _ message: String) -> Result<(Approval, Decision?), Fault> {
            .failure(Fault(rejection: Rejection(requestID, reason, message)))
        }
        guard let id = requestID.stringValue, let approval = approvals[id] else {
            return reject(.unknown, "There is no question with the id \(requestID).")
        }
        let isSubscribed = approval.threadID.map { threads[$0]?.subscribers.contains(session) ?? false } ?? false
        guard approval.shownTo.contains(session) || isSubscribed else {
            return reject(.forbidden, "This question was not shown to you: open its thread first.")
        }
        if let rejection = approval.rejectionOfAnswers { return .failure(Fault(rejection: rejection)) }
        guard client.principal.role >= approval.roleNeeded else {
            return reject(
                .forbidden,
                "Answering this needs the role \(approval.roleNeeded.rawValue); you are \(client.principal.role.rawValue)."
            )
        }
        guard case .result(let result) = answer else {
            // A client that does not know a method answers with an error; the agent can handle that. A yes-or-no
            // question stays open for the clients that know it.
            guard approval.asksForDecision else { return .success((approval, nil)) }
            return reject(.malformed, "An error is not a valid answer to this question: send a decision.")
        }
        guard approval.asksForDecision else {
            guard result.objectValue != nil else {
                return reject(.malformed, "The result of \(approval.method) must be an object.")
            }
            if approval.method == Approval.permissions {
                let grant = PermissionGrant(result)
                guard grant.isReadable else {
                    return reject(
                        .malformed,
                        "permissions, fileSystem and network must be objects, and scope must be turn or session.")
                }
                guard !grant.leavesAnswersToModel else {
                    return reject(
                        .forbidden,
                        "strictAutoReview would let a model answer in your place: leave it out, or send false.")
                }
                if let more = grant.unasked(in: approval.params) {
                    return reject(.forbidden, "This would grant more than the agent asked for: \(more).")
                }
            }
            if let message = AnswerFloor(policy.floor(of: client.principal)).refusal(of: result, to: approval) {
                return reject(.forbidden, message)
            }
            // This gives the thread input to act on, like a turn's.
            if approval.isConversational, let mode = approval.threadID.flatMap(knownMode) {
                do throws(ErrorReply) {
                    try policy.checkThread(mode, for: client.principal)
                } catch {
                    return reject(.forbidden, error.message)
                }
            }
            return .success((approval, nil))
        }
        guard let decision = Decision(result: result) else {
            return reject(.malformed, "A decision must be accept, acceptForSession, decline or cancel.")
        }
        if case .amendment = decision, approval.isFromHook {
            return reject(.forbidden, "This question accepts only accept, acceptForSession, decline and cancel.")
        }
        if decision == .acceptForSession, approval.hookInput?.isKnownWhole == false {
            return reject(
                .forbidden,
                "It is not known where and how this runs, so it can be accepted for this time only.")
        }
        if let message = AnswerFloor(policy.floor(of: client.principal)).refusal(of: decision, to: approval) {
            return reject(.forbidden, message)
        }
        return .success((approval, decision))
    }

    mutating func forward(_ approval: Approval, _ pending: PendingAnswer) -> [Effect] {
        switch approval.origin {
        case .hook(let ticket):
            return pending.decision.map { settle(approval, ticket: ticket, $0, by: pending) } ?? []
        case .agent:
            let answer = approval.forwarded(pending.answer, pending.decision)
            switch answer {
            case .error: return respond(answer, to: approval, from: pending.session)
            case .result(let result):
                let opensNetwork = approval.opensNetwork(pending.decision, result)
                let marks = opensNetwork ? approval.threadID.map { changeNetwork($0) } ?? [] : []
                notePermissions(approval, result, by: pending)
                return marks + widenStart(approval, by: pending)
                    + respond(answer, to: approval, from: pending.session)
            }
        }
    }

    /// The question timed out: the answer is no, and the turn goes on.
    public mutating func expire(_ id: String, now: Milliseconds) -> [Effect] {
        guard approvals[id]?.isWaiting == true, let approval = approvals.finish(id, .expired(at: now)) else {
            return []
        }
        note(entry(.decisionByTimeout, approval, at: now, details: times(approval)))
        var effects: [Effect] = []
        switch approval.origin {
        case .hook(let ticket):
            effects += settle(
                approval, ticket: ticket, .decline(reason: "Nobody answered in time. Go on without it."), by: nil)
        case .agent:
            let answer: Answer =
                approval.timeoutResult.map { .result($0) }
                ?? .error(["code": -32000, "message": "Nobody answered in time."])
            effects += widenStart(approval, by: nil) + respond(answer, to: approval)
        }
        return effects + resolved(approval)
    }

    /// The question can no longer be answered. An answer that is still being written to disk comes too late as well.
    mutating func voided(_ open: Approval, now: Milliseconds) -> [Effect] {
        guard let approval = approvals.finish(open.id, .void(at: now)) else { return [] }
        note(entry(.decisionVoid, approval, at: now, details: times(approval)))
        guard let pending = pendingAnswers.removeValue(forKey: approval.id), let rejection = approval.rejectionOfAnswers
        else { return resolved(approval) }
        return resolved(approval) + reject(pending.entry, of: pending.session, rejection)
    }

    /// Tells every session that was shown a question that it is over, and how.
    func resolved(_ approval: Approval) -> [Effect] {
        let outcome: JSONObject
        var item: [Effect] = []
        switch approval.state {
        case .waiting, .deciding: return []
        case .answered(let word, let by, let at):
            outcome = ["decision": .string(word), "decidedBy": .string(by), "decidedAt": .number(JSONNumber(at))]
            if !Decision.grants(word) { item = itemDeclined(approval, at: at) }
        case .expired(let at):
            outcome = ["decision": "expired", "decidedAt": .number(JSONNumber(at))]
            item = itemDeclined(approval, at: at)
        case .void(let at):
            outcome = ["decision": "void", "decidedAt": .number(JSONNumber(at))]
            item = itemDeclined(approval, at: at)
        }
        let params: JSONValue = [
            "threadId": approval.threadID.map { .string($0) } ?? .null, "requestId": .string(approval.id),
            "sre": .object(outcome),
        ]
        return approval.shownTo.map { .notify($0, method: "serverRequest/resolved", params: params) } + item
    }
}
