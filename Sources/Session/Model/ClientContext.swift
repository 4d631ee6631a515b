public import AuditRecord
public import JSON
import Policy

/// A principal and where it connects from, for the record.
public struct ClientContext: Sendable, Hashable {
    public let principal: Principal
    /// The IP address of the socket's peer, or of the client for which a trusted proxy speaks.
    public let address: String?
    public let userAgent: String?
    /// The sign-in that the client's cookie belongs to; nil if the client authenticated in another way.
    public let loginSessionID: String?

    public init(_ principal: Principal, address: String? = nil, userAgent: String? = nil, loginSessionID: String? = nil)
    {
        self.principal = principal
        self.address = address
        self.userAgent = userAgent
        self.loginSessionID = loginSessionID
    }

    /// An audit entry for an action of this client.
    public func entry(
        _ kind: AuditEntry.Kind, at time: Milliseconds, threadID: String? = nil, turnID: String? = nil,
        itemID: String? = nil, requestID: String? = nil, details: JSONObject = JSONObject()
    ) -> AuditEntry {
        AuditEntry(
            kind, at: time, actor: principal.name, actorID: principal.id, role: principal.role.rawValue,
            address: address,
            userAgent: userAgent,
            threadID: threadID, turnID: turnID, itemID: itemID, requestID: requestID, details: details)
    }
}
