import AuditRecord
import JSON
import Policy

/// Audit entries, and the decisions that wait for them to be written.
extension ThreadCoordinator {
    /// A person's answer whose entry is being written to disk.
    struct PendingAnswer: Sendable {
        let answer: Answer
        let decision: Decision?
        let session: SessionID
        let client: ClientContext
        let entry: AuditEntry
        /// Does the answer let anything happen? A no is safe without a record.
        let isGrant: Bool
        /// Does the answer hold input for the model?
        let conveysWords: Bool
        /// Has the person's sign-in ended?
        var hasEnded = false

        /// The basis of a standing grant that follows from this answer to question `id`.
        func basis(_ id: String) -> ThreadRecord.StandingBasis {
            .init(
                client: client, requestID: id, actor: entry.actor, actorID: entry.actorID, role: entry.role,
                at: entry.at)
        }
    }

    /// The decision is on disk, or could not be written: then nothing is granted.
    public mutating func recorded(_ pending: PendingDecision, failure: String?, now: Milliseconds) -> [Effect] {
        switch pending {
        case .hook(let ticket):
            guard let verdict = pendingVerdicts.removeValue(forKey: ticket) else { return [] }
            return release(verdict, ticket: ticket, failure: failure)
        case .approval(let id):
            guard let pending = pendingAnswers.removeValue(forKey: id) else { return [] }
            if pending.hasEnded, pending.isGrant || pending.conveysWords { return withoutRight(id, pending) }
            if let keepingFailure, pending.conveysWords { return withoutWords(id, pending, keepingFailure) }
            if let failure, pending.isGrant { return unrecorded(id, pending, failure) }
            // A no counts at once; its row follows when the disk works again.
            if failure != nil { note(pending.entry) }
            guard let approval = approvals.finishDecided(id) else { return [] }
            noteResolved(approval, now: now)
            return forward(approval, pending) + resolved(approval)
        }
    }

    private mutating func unrecorded(_ id: String, _ pending: PendingAnswer, _ failure: String) -> [Effect] {
        reopen(id, pending, "Not approved: the record cannot be written (\(failure)). You may decline.")
    }

    private mutating func withoutWords(_ id: String, _ pending: PendingAnswer, _ failure: String) -> [Effect] {
        reopen(id, pending, Self.notKept(failure))
    }

    private mutating func withoutRight(_ id: String, _ pending: PendingAnswer) -> [Effect] {
        reopen(id, pending, "Your sign-in ended before this answer took effect.", .forbidden)
    }

    private mutating func reopen(
        _ id: String, _ pending: PendingAnswer, _ message: String, _ reason: Rejection.Reason = .unrecorded
    ) -> [Effect] {
        guard let approval = approvals.reopen(id) else { return [] }
        let rejection = Rejection(.string(id), reason, message)
        // Its time may have run out meanwhile.
        let expiry = approval.expiresAt.map { [Effect.expire(id: id, at: $0)] } ?? []
        return reject(pending.entry, of: pending.session, rejection) + expiry
    }

    /// Tells the session that its answer was not used, and records that. `entry` says who answered which question.
    mutating func reject(_ entry: AuditEntry, of session: SessionID, _ rejection: Rejection) -> [Effect] {
        var entry = entry
        entry.kind = .answerRejected
        entry.details["reason"] = .string(rejection.reason.rawValue)
        entry.details["message"] = .string(rejection.message)
        note(entry)
        return [.notify(session, method: "sre/answerRejected", params: rejection.params)]
    }

    // MARK: Rows

    mutating func note(asked approval: Approval) {
        note(
            entry(
                .questionAsked, approval, at: approval.askedAt,
                details: [
                    "method": .string(approval.method), "params": approval.params,
                    "changes": approval.changes ?? .null, "shownTo": .number(JSONNumber(Int64(approval.shownTo.count))),
                ]))
    }

    mutating func noteResolved(_ approval: Approval, now: Milliseconds) {
        note(entry(.questionResolved, approval, at: now, details: ["forwardedAt": .number(JSONNumber(now))]))
    }

    /// When a question was asked, first shown and decided.
    func times(_ approval: Approval) -> JSONObject {
        var times: JSONObject = ["method": .string(approval.method)]
        times["askedAt"] = .number(JSONNumber(approval.askedAt))
        times["shownAt"] = approval.shownAt.map { .number(JSONNumber($0)) }
        times["command"] = approval.params["sre"]?["command"] ?? approval.params["command"]
        for name in ["shell", "arguments"] { times[name] = approval.params["sre"]?[name] }
        return times
    }

    func entry(
        _ kind: AuditEntry.Kind, _ approval: Approval, at now: Milliseconds, by client: ClientContext? = nil,
        details: JSONObject
    ) -> AuditEntry {
        AuditEntry(
            kind, at: now, actor: client?.principal.name, actorID: client?.principal.id,
            role: client?.principal.role.rawValue, address: client?.address,
            userAgent: client?.userAgent, threadID: approval.threadID, turnID: approval.params["turnId"]?.stringValue,
            itemID: approval.params["itemId"]?.stringValue, requestID: approval.id, details: details)
    }
}
