import AuditRecord
import JSON

/// An entry as JSON, with the names of the server's API.
extension AuditEntry {
    func object(details: JSONObject) -> JSONObject {
        var object = JSONObject()
        object["at"] = .number(JSONNumber(at))
        object["kind"] = .string(kind.rawValue)
        object["actor"] = actor.map(JSONValue.string)
        object["actorId"] = actorID.map(JSONValue.string)
        object["role"] = role.map(JSONValue.string)
        object["address"] = address.map(JSONValue.string)
        object["userAgent"] = userAgent.map(JSONValue.string)
        object["threadId"] = threadID.map(JSONValue.string)
        object["turnId"] = turnID.map(JSONValue.string)
        object["itemId"] = itemID.map(JSONValue.string)
        object["requestId"] = requestID.map(JSONValue.string)
        object["details"] = .object(details)
        return object
    }
}

/// The columns used to search rows. They repeat the content and are always derived from it.
struct Columns: Sendable, Hashable {
    static let texts: [(column: String, member: String)] = [
        ("kind", "kind"), ("actor", "actor"), ("role", "role"), ("address", "address"),
        ("user_agent", "userAgent"), ("thread_id", "threadId"), ("turn_id", "turnId"), ("item_id", "itemId"),
        ("request_id", "requestId"),
    ]

    let at: Int64
    /// In the order of ``texts``.
    let values: [String?]

    /// nil if the content is not an entry.
    init?(of content: JSONObject) {
        guard let at = content["at"]?.intValue, content["kind"]?.stringValue != nil else { return nil }
        self.init(at: at, content)
    }

    fileprivate init(at: Int64, _ content: JSONObject) {
        self.at = at
        values = Self.texts.map { content[$0.member]?.stringValue }
    }
}

/// An entry ready to be written.
struct PreparedEntry: Sendable {
    let columns: Columns
    /// ``CanonicalJSON``.
    let content: [UInt8]

    init(_ entry: AuditEntry, details: JSONObject) {
        let object = entry.object(details: details)
        columns = Columns(at: entry.at, object)
        content = CanonicalJSON.bytes(of: .object(object))
    }
}
