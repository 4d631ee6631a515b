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
        if let thread = params["threadId"]?.stringValue, let id = params["item"]?["id"]?.stringValue {
            if method == "item/started" { announcedPatches.insert([thread, id]) }
            if method == "item/completed" { announcedPatches.remove([thread, id]) }
        }
        return MessageEncoder.notification(method, params: params)
    }
}
