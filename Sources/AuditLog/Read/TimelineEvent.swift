import AuditRecord
import JSON

/// A row as the timeline shows it.
struct TimelineEvent: Sendable {
    let seq: Int64
    let at: Int64
    let kind: AuditEntry.Kind?
    let turnID: String?
    let itemID: String?
    let requestID: String?
    let details: JSONObject
    /// Without what the turn says already, and without addresses and user agents.
    let json: JSONValue

    init(_ row: AuditRow) {
        let object = row.object
        seq = row.seq
        at = object["at"]?.intValue ?? 0
        kind = object["kind"]?.stringValue.flatMap(AuditEntry.Kind.init)
        turnID = object["turnId"]?.stringValue
        itemID = object["itemId"]?.stringValue
        requestID = object["requestId"]?.stringValue
        details = object["details"]?.objectValue ?? JSONObject()
        var shown = JSONObject()
        for name in ["seq", "at", "kind"] { shown[name] = object[name] }
        if let actor = object["actor"] {
            var author: JSONObject = ["name": actor]
            author["id"] = object["actorId"]
            author["role"] = object["role"]
            shown["author"] = .object(author)
        }
        for name in ["itemId", "requestId", "details"] { shown[name] = object[name] }
        json = .object(shown)
    }

    /// Does the row let an item run?
    var letsRun: Bool {
        switch kind {
        case .decision, .decisionByRule, .decisionStanding, .decisionUnattended:
            guard let word = details["decision"]?.stringValue else { return false }
            return !["decline", "cancel", "answered"].contains(word) && details["unrecorded"] == nil
        default: return false
        }
    }

    var isDecision: Bool {
        switch kind {
        case .decision, .decisionByTimeout, .decisionVoid: true
        default: false
        }
    }
}
