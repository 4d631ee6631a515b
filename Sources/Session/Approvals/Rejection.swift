public import JSON

/// Why an answer was not used. The client gets it as the notification `sre/answerRejected`, never as a response: a
/// response without a request breaks the official client.
public struct Rejection: Sendable, Hashable {
    public enum Reason: String, Sendable {
        /// No such question was shown to this client.
        case unknown
        /// Another answer came first.
        case resolved
        case expired
        case void
        /// The question still waits: this answer cannot be parsed.
        case malformed
        /// The question still waits: this client may not give this answer.
        case forbidden
        /// The question still waits: the record cannot be written, so nothing can be granted.
        case unrecorded
    }

    public let requestID: JSONValue
    public let reason: Reason
    public let message: String
    /// What was decided, in the words of codex's protocol (`accept`, `decline`…).
    public let decision: String?
    public let decidedBy: String?
    public let decidedAt: Milliseconds?

    init(
        _ requestID: JSONValue, _ reason: Reason, _ message: String, decision: String? = nil,
        decidedBy: String? = nil, decidedAt: Milliseconds? = nil
    ) {
        self.requestID = requestID
        self.reason = reason
        self.message = message
        self.decision = decision
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
    }

    public var params: JSONValue {
        var params: JSONObject = [
            "requestId": requestID, "reason": .string(reason.rawValue), "message": .string(message),
        ]
        params["decision"] = decision.map { .string($0) }
        params["decidedBy"] = decidedBy.map { .string($0) }
        params["decidedAt"] = decidedAt.map { .number(JSONNumber($0)) }
        return .object(params)
    }
}

extension Approval {
    /// Why the approval takes no more answers; nil while it waits.
    var rejectionOfAnswers: Rejection? {
        switch state {
        case .waiting: nil
        case .deciding(let word, let by, let at), .answered(let word, let by, let at):
            Rejection(
                .string(id), .resolved, "This was already answered (\(word)) by \(by).", decision: word,
                decidedBy: by, decidedAt: at)
        case .expired(let at):
            Rejection(.string(id), .expired, "Nobody answered in time, so it was declined.", decidedAt: at)
        case .void(let at):
            Rejection(
                .string(id), .void, "The question is gone: the turn was stopped or the agent ended.", decidedAt: at)
        }
    }
}
