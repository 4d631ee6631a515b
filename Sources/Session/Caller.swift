public import AuditRecord
public import JSON
import Policy

/// An actor and where it speaks from, for the record.
public struct Caller: Sendable, Hashable {
    public let actor: Actor
    /// IP address of the socket's peer, or of whom a trusted proxy speaks for.
    public let address: String?
    public let userAgent: String?
    /// The sign-in that its cookie belongs to; nil when it came in otherwise.
    public let signInID: String?

    public init(_ actor: Actor, address: String? = nil, userAgent: String? = nil, signInID: String? = nil) {
        self.actor = actor
        self.address = address
        self.userAgent = userAgent
        self.signInID = signInID
    }

    /// A row about what this caller did.
    public func entry(
        _ kind: AuditEntry.Kind, at time: Milliseconds, threadID: String? = nil, turnID: String? = nil,
        itemID: String? = nil, requestID: String? = nil, details: JSONObject = JSONObject()
    ) -> AuditEntry {
        AuditEntry(
            kind, at: time, actor: actor.name, role: actor.role.rawValue, address: address, userAgent: userAgent,
            threadID: threadID, turnID: turnID, itemID: itemID, requestID: requestID, details: details)
    }
}
