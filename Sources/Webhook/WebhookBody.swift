import JSON
import Session

/// The webhook's request body for a waiting approval.
struct WebhookBody {
    /// The page's address, without a trailing slash.
    let pageURL: String
    /// `WEBHOOK_COMMANDS`: whether the text of the question may leave this machine.
    let includesCommands: Bool

    func json(_ approval: Approval) -> JSONValue {
        var body: JSONObject = [
            "event": "approvalWaiting", "requestId": .string(approval.id),
            "threadId": approval.threadID.map { .string($0) } ?? .null, "kind": .string(Self.kind(of: approval)),
            "link": .string(pageURL + (approval.threadID.map { "/#thread=\($0)" } ?? "/")),
            "askedAt": .number(JSONNumber(approval.askedAt)),
            "expiresAt": approval.expiresAt.map { .number(JSONNumber($0)) } ?? .null,
        ]
        if includesCommands, let command = approval.params["sre"]?["command"] ?? approval.params["command"] {
            body["command"] = command
        }
        return .object(body)
    }

    static func kind(of approval: Approval) -> String {
        switch (approval.params["sre"]?["asks"]?.stringValue, approval.method) {
        case ("outsideSandbox", _): "outsideSandbox"
        case (_, "item/commandExecution/requestApproval"): "command"
        case (_, "item/fileChange/requestApproval"): "fileChange"
        default: approval.method
        }
    }
}
