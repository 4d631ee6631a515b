import JSON
import Testing

@testable import ScriptedModel

@Suite("The stream of an answer")
struct ResponseStreamTests {
    private func frames(_ step: Step) throws -> [ResponseStream.Frame] {
        let request = try Requests.classic()
        return Array(ResponseStream(step: step, request: request, ids: ResponseIDs(seed: "s"), inputBytes: 400).frames)
    }

    /// The event types, and the text between them.
    private func outline(_ step: Step) throws -> [String] {
        try frames(step).map { frame in
            switch frame {
            case .event(let event): event["delta"]?.stringValue ?? event["type"]?.stringValue ?? "?"
            case .pause(let milliseconds): "pause \(milliseconds)"
            case .hang: "hang"
            case .cut: "cut"
            }
        }
    }

    @Test func `a text in deltas with pauses`() throws {
        #expect(
            try outline(Step(text: .pieces(["a", "b"]), delayMilliseconds: 5)) == [
                "response.created", "response.output_item.added", "pause 5", "a", "pause 5", "b",
                "response.output_item.done", "response.completed",
            ])
    }

    @Test func `reasoning, text and a call have places of their own`() throws {
        let step = Step(reasoning: "r", text: .pieces(["t"]), action: .commands([Command(command: "c")]))
        let done = try frames(step).compactMap { frame -> (JSONValue?, JSONValue?)? in
            guard case .event(let event) = frame, event["type"] == "response.output_item.done" else { return nil }
            return (event["item"]?["type"], event["output_index"])
        }
        #expect(done.map(\.0) == ["reasoning", "message", "function_call"])
        #expect(done.map(\.1) == [0, 1, 2])
    }

    @Test func `usage is reported`() throws {
        guard case .event(let last)? = try frames(.answer("12345678")).last else {
            Issue.record("no event")
            return
        }
        #expect(last["response"]?["usage"]?["input_tokens"] == 100)
        #expect(last["response"]?["usage"]?["total_tokens"] == 102)
    }

    @Test func `endings`() throws {
        #expect(try outline(Step(action: .hang)) == ["response.created", "hang"])
        #expect(try outline(Step(action: .cut)) == ["response.created", "response.output_item.added", "…", "cut"])
        #expect(
            try outline(Step(text: .pieces(["t"]), action: .hang))
                == ["response.created", "response.output_item.added", "t", "hang"])
        #expect(try outline(Step(action: .fail(code: "c", message: "m"))) == ["response.created", "response.failed"])
    }

    @Test func `a slow call`() throws {
        let step = Step(delayMilliseconds: 7, action: .commands([Command(command: "c")]))
        #expect(try outline(step).prefix(2) == ["response.created", "pause 7"])
    }

    @Test func `an event is two lines whatever is in it`() {
        let event = ResponseEvents.textDelta("a\r\nb\n\ndata: c", itemID: "i", index: 0)
        let text = String(decoding: ResponseEvents.serverSentEvent(event), as: UTF8.self)
        #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == 3)
        #expect(text.hasPrefix("event: response.output_text.delta\ndata: {"))
        #expect(text.hasSuffix("}\n\n"))
    }
}
