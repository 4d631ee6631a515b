public import AuditRecord
public import JSON
import JSONRPC

/// Masks secrets for viewers, who cannot answer, as the audit record does: in every message to them and in the list of
/// approvals.
///
/// Each message is masked separately: a secret that two output deltas split passes.
public struct ViewerMask: Sendable {
    private let secrets: SecretMask

    /// Untagged marks: viewers can have texts of their own masked, and could compare the tags.
    public init(_ secrets: SecretMask) { self.secrets = secrets.untagged }

    public func masked(_ value: JSONValue) -> JSONValue { secrets.masked(value: value) }

    /// The message without its secrets; nil if it has none. Method and id stay as they are. A message that cannot be
    /// parsed is replaced by a notice.
    public func masked(message bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard case .object(let object)? = try? JSONValue(parsing: bytes) else { return Self.unreadable }
        let masked = JSONObject(
            object.members.map { key, value in (key, Self.content.contains(key) ? secrets.masked(value: value) : value)
            })
        return masked == object ? nil : JSONValue.object(masked).serialized()
    }

    private static let unreadable = MessageEncoder.notification(
        "sre/agentFault",
        params: [
            "message": "A message from the agent is hidden from viewers because it could not be scanned for secrets."
        ])
    private static let content: Set<String> = ["params", "result", "error"]
}
