import JSON

/// The conversation since the last user message: the state that determines the model's next step.
struct Conversation: Sendable {
    /// The last text from a person (or from the agent that started this one); nil if there is none.
    /// A later message supersedes an earlier one, also in the middle of a turn.
    let userText: String?
    /// The number of model answers since then. Calls made together count once, polls do not count.
    let rounds: Int
    /// The results of the calls made since then, in the order in which they arrived.
    let outputs: [ToolOutput]
    /// The last started command that was still running when its output arrived, in the whole conversation.
    let lastSessionID: Int64?

    init(items: [JSONValue]) {
        let start = items.lastIndex { UserText(item: $0) != nil }
        userText = start.flatMap { UserText(item: items[$0])?.text }
        let since = items[(start.map { $0 + 1 } ?? 0)...]
        rounds = Self.rounds(in: since)
        let calls = Set(since.filter(Self.isModelItem).compactMap { $0["call_id"]?.stringValue })
        // An output may arrive after a newer message; it belongs to a superseded call.
        outputs = since.compactMap(ToolOutput.init(item:)).filter { calls.contains($0.callID) }
        lastSessionID = items.reversed().lazy.compactMap { ToolOutput(item: $0)?.sessionID }.first
    }

    /// The JavaScript that was still running when the last output arrived, in code mode.
    var runningCell: String? { outputs.last?.runningCell }

    private static func rounds(in items: ArraySlice<JSONValue>) -> Int {
        var rounds = 0
        var isInAnswer = false
        for item in items {
            guard isModelItem(item) else {
                isInAnswer = false
                continue
            }
            if let id = item["call_id"]?.stringValue, ResponseIDs.isPoll(id) { continue }
            if !isInAnswer { rounds += 1 }
            isInAnswer = true
        }
        return rounds
    }

    private static func isModelItem(_ item: JSONValue) -> Bool {
        switch item["type"]?.stringValue {
        case "message"?, nil: item["role"]?.stringValue == "assistant"
        case "reasoning"?: true
        case let type?: type.hasSuffix("_call")
        }
    }
}
