import JSON

/// A step as a response stream: events in order, and the pauses between them.
struct ResponseStream: Sendable {
    enum Frame: Sendable, Hashable {
        case event(JSONValue)
        case pause(milliseconds: Int)
        /// The stream stays open without further events until the peer disconnects.
        case hang
        /// The connection is closed as if it had broken.
        case cut
    }

    private enum Part: Sendable {
        case frame(Frame)
        case deltas(StepText, itemID: String, index: Int, delayMilliseconds: Int)
    }

    private var parts: [Part] = []
    private var outputIndex = 0

    /// `inputBytes` is the size of the request: the reported usage is estimated at four bytes per token.
    init(step: Step, request: ResponsesRequest, ids: ResponseIDs, inputBytes: Int) {
        let response: JSONValue = ["id": .string(ids.response), "object": "response"]
        append(ResponseEvents.created(response))
        if let reasoning = step.reasoning { append(reasoning: reasoning, id: ids.item(outputIndex)) }
        let ending = Ending(step.action)
        if let text = step.text ?? (ending == .cut ? .pieces(["…"]) : nil) {
            append(text: text, step: step, id: ids.item(outputIndex), isComplete: ending == .completed)
        } else if step.delayMilliseconds > 0 {
            parts.append(.frame(.pause(milliseconds: step.delayMilliseconds)))
        }
        let calls = ToolCallItems(shape: request.shape, tools: request.tools, ids: ids).items(for: step.action)
        for call in calls { append(item: call, id: ids.item(outputIndex)) }
        switch ending {
        case .completed:
            let written = (step.text?.byteCount ?? 0) + calls.reduce(0) { $0 + $1.description.utf8.count }
            append(ResponseEvents.completed(response, inputTokens: inputBytes / 4, outputTokens: written / 4))
        case .failed(let code, let message): append(ResponseEvents.failed(response, code: code, message: message))
        case .hang: parts.append(.frame(.hang))
        case .cut: parts.append(.frame(.cut))
        }
    }

    /// Generated lazily: a long text never exists as a list of events.
    var frames: some Sequence<Frame> {
        parts.lazy.flatMap { part -> AnySequence<Frame> in
            switch part {
            case .frame(let frame): AnySequence(CollectionOfOne(frame))
            case .deltas(let text, let itemID, let index, let delay):
                AnySequence(
                    (0..<text.count).lazy.flatMap { piece -> [Frame] in
                        let event = ResponseEvents.textDelta(text[piece], itemID: itemID, index: index)
                        return delay > 0 ? [.pause(milliseconds: delay), .event(event)] : [.event(event)]
                    })
            }
        }
    }

    private mutating func append(_ event: JSONValue) { parts.append(.frame(.event(event))) }

    private mutating func append(reasoning: String, id: String) {
        let events = ResponseEvents.reasoning(reasoning, id: id, index: outputIndex)
        parts.append(contentsOf: events.map { .frame(.event($0)) })
        outputIndex += 1
    }

    private mutating func append(text: StepText, step: Step, id: String, isComplete: Bool) {
        append(ResponseEvents.itemAdded(ResponseEvents.message(id: id, text: nil), index: outputIndex))
        parts.append(.deltas(text, itemID: id, index: outputIndex, delayMilliseconds: step.delayMilliseconds))
        if isComplete {
            append(ResponseEvents.itemDone(ResponseEvents.message(id: id, text: text.whole), index: outputIndex))
        }
        outputIndex += 1
    }

    private mutating func append(item: JSONValue, id: String) {
        var item = item
        item["id"] = .string(id)
        append(ResponseEvents.itemAdded(item, index: outputIndex))
        append(ResponseEvents.itemDone(item, index: outputIndex))
        outputIndex += 1
    }
}

/// How the stream of an answer ends.
private enum Ending: Hashable {
    case completed
    case failed(code: String, message: String)
    case hang
    case cut

    init(_ action: Action) {
        switch action {
        case .fail(let code, let message): self = .failed(code: code, message: message)
        case .hang: self = .hang
        case .cut: self = .cut
        default: self = .completed
        }
    }
}
