public import JSON
import JSONRPC

extension ClientSession {
    /// Renders a question in this client's dialect.
    public mutating func render(_ approval: Approval) -> [UInt8] {
        if dialect == .legacy, let (method, params) = LegacyApproval.request(approval) {
            return MessageEncoder.request(method, id: .string(approval.id), params: params)
        }
        return MessageEncoder.request(approval.method, id: .string(approval.id), params: approval.params)
    }

    /// Renders a notification from the server, or one that the server sends in codex's name.
    public mutating func render(notification method: String, params: JSONValue) -> [UInt8] {
        if method == "item/started", let id = params["item"]?["id"]?.stringValue { announcedPatches.insert(id) }
        if method == "item/completed", let id = params["item"]?["id"]?.stringValue { announcedPatches.remove(id) }
        return MessageEncoder.notification(method, params: params)
    }
}
