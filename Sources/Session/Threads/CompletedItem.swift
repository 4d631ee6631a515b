public import JSON

/// The `item/completed` of an item that ran a command, changed files or called an MCP tool.
public struct CompletedItem: Sendable, Hashable {
    public let threadID: String
    public let turnID: String?
    public let itemID: String
    let item: JSONValue

    /// nil for items that execute nothing.
    public init?(params: JSONValue) {
        guard let item = params["item"], let kind = item["type"]?.stringValue,
            StartedItem.executing.contains(kind), let itemID = item["id"]?.stringValue,
            let threadID = params["threadId"]?.stringValue
        else { return nil }
        self.item = item
        self.itemID = itemID
        self.threadID = threadID
        self.turnID = params["turnId"]?.stringValue
    }

    /// The outcome, for the record.
    var outcome: JSONObject { Self.outcome(of: item) }

    static func outcome(of item: JSONValue) -> JSONObject {
        var outcome = JSONObject()
        for key in ["type", "status", "command", "cwd", "exitCode", "durationMs", "server", "tool", "source"] {
            if let value = item[key], !value.isNull { outcome[key] = value }
        }
        return outcome
    }

    /// Texts that the record stores only as size and hash.
    var digested: [String: String] {
        var texts: [String: String] = [:]
        texts["output"] = item["aggregatedOutput"]?.stringValue
        if let changes = item["changes"]?.arrayValue {
            texts["diff"] = changes.map { "\($0["path"]?.stringValue ?? "")\n\($0["diff"]?.stringValue ?? "")\n" }
                .joined()
        }
        if let result = item["result"], !result.isNull { texts["result"] = result.description }
        return texts
    }
}
