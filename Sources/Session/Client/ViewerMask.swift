public import AuditRecord
public import JSON
import JSONRPC

/// Masks for viewers, who cannot answer, what the record masks: in each message that goes to them and in the list of
/// approvals.
///
/// A message is looked at by itself: a secret that is cut in two by two deltas of an output passes.
public struct ViewerMask: Sendable {
    private let secrets: SecretMask

    /// Their marks have no tag: viewers can have texts of their own masked, and would compare.
    public init(_ secrets: SecretMask) { self.secrets = secrets.untagged }

    public func masked(_ value: JSONValue) -> JSONValue { secrets.masked(value: value) }

    /// The message without its secrets; nil when it has none. Method and id stay as they are. What cannot be read is
    /// replaced by a notice.
    public func masked(message bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard case .object(let object)? = try? JSONValue(parsing: bytes) else { return Self.unreadable }
        let masked = JSONObject(
            object.members.map { key, value in (key, Self.content.contains(key) ? secrets.masked(value: value) : value)
            })
        return masked == object ? nil : JSONValue.object(masked).serialized()
    }

    private static let unreadable = MessageEncoder.notification(
        "sre/agentFault",
        params: ["message": "A message of the agent's is kept from viewers: it could not be searched for secrets."])
    private static let content: Set<String> = ["params", "result", "error"]
}
