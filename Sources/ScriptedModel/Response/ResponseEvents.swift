import JSON

/// The events of the Responses API that codex reads, and the two items in them.
enum ResponseEvents {
    /// The event in wire format. JSON escapes all line ends, so one data line is enough.
    static func serverSentEvent(_ event: JSONValue) -> [UInt8] {
        var bytes = Array("event: \(event["type"]?.stringValue ?? "message")\ndata: ".utf8)
        event.write(to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        return bytes
    }

    static func created(_ response: JSONValue) -> JSONValue {
        ["type": "response.created", "response": with(response, status: "in_progress")]
    }

    static func completed(_ response: JSONValue, inputTokens: Int, outputTokens: Int) -> JSONValue {
        var response = with(response, status: "completed")
        response["usage"] = [
            "input_tokens": number(inputTokens),
            "input_tokens_details": ["cached_tokens": 0],
            "output_tokens": number(outputTokens),
            "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": number(inputTokens + outputTokens),
        ]
        return ["type": "response.completed", "response": response]
    }

    static func failed(_ response: JSONValue, code: String, message: String) -> JSONValue {
        var response = with(response, status: "failed")
        response["error"] = ["code": .string(code), "message": .string(message)]
        return ["type": "response.failed", "response": response]
    }

    static func itemAdded(_ item: JSONValue, index: Int) -> JSONValue {
        ["type": "response.output_item.added", "output_index": number(index), "item": item]
    }

    static func itemDone(_ item: JSONValue, index: Int) -> JSONValue {
        ["type": "response.output_item.done", "output_index": number(index), "item": item]
    }

    static func textDelta(_ delta: String, itemID: String, index: Int) -> JSONValue {
        [
            "type": "response.output_text.delta", "item_id": .string(itemID), "output_index": number(index),
            "content_index": 0, "delta": .string(delta),
        ]
    }

    /// `text` is nil for a message that is about to be streamed.
    static func message(id: String, text: String?) -> JSONValue {
        [
            "type": "message", "id": .string(id), "role": "assistant",
            "status": text == nil ? "in_progress" : "completed",
            "content": .array(
                text.map { [["type": "output_text", "text": .string($0), "annotations": []]] } ?? []),
        ]
    }

    static func reasoning(_ text: String, id: String, index: Int) -> [JSONValue] {
        let part: JSONValue = ["type": "summary_text", "text": .string(text)]
        let position: JSONObject = ["item_id": .string(id), "output_index": number(index), "summary_index": 0]
        func event(_ type: String, _ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
            var event = JSONObject([("type", JSONValue.string(type))])
            for (key, value) in position.members { event[key] = value }
            for (key, value) in members { event[key] = value }
            return .object(event)
        }
        func item(summary: [JSONValue]) -> JSONValue {
            ["type": "reasoning", "id": .string(id), "summary": .array(summary)]
        }
        return [
            itemAdded(item(summary: []), index: index),
            event("response.reasoning_summary_part.added", ["part": ["type": "summary_text", "text": ""]]),
            event("response.reasoning_summary_text.delta", ["delta": .string(text)]),
            event("response.reasoning_summary_text.done", ["text": .string(text)]),
            itemDone(item(summary: [part]), index: index),
        ]
    }

    private static func with(_ response: JSONValue, status: String) -> JSONValue {
        var response = response
        response["status"] = .string(status)
        return response
    }

    private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }
}
