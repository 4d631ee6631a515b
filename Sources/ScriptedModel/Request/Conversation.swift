import JSON

/// What happened since somebody last said something: the state from which the model's next step follows.
struct Conversation: Sendable {
    /// The last text of a person (or of the agent that started this one); nil when there is none.
    /// A later message supersedes an earlier one, also in the middle of a turn.
    let userText: String?
    /// How often the model has answered since then. Calls made together count once, polls do not count.
    let rounds: Int
    /// The results of the calls made since then, in the order in which they came back.
    let outputs: [ToolOutput]
    /// The command started last that was still running when its output came back, from the whole conversation.
    let lastSessionID: Int64?

    init(items: [JSONValue]) {
        let start = items.lastIndex { UserText(item: $0) != nil }
        userText = start.flatMap { UserText(item: items[$0])?.text }
        let since = items[(start.map { $0 + 1 } ?? 0)...]
        rounds = Self.rounds(in: since)
        let calls = Set(since.filter(Self.isModelItem).compactMap { $0["call_id"]?.stringValue })
        // An output may come back after a newer message: it belongs to a call that is superseded.
        outputs = since.compactMap(ToolOutput.init(item:)).filter { calls.contains($0.callID) }
        lastSessionID = items.reversed().lazy.compactMap { ToolOutput(item: $0)?.sessionID }.first
    }

    /// The JavaScript that is still running when the last output came back, in code mode.
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
