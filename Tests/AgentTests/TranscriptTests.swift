@testable import Agent
import Foundation
import JSON
import Testing

/// Reads the end of codex's transcript of a thread.
@Suite struct TranscriptTests {
    static let user = #"{"type":"response_item","payload":{"type":"message","role":"user"}}"#

    @Test func theLinesSinceThePersonsLastWordsAreReadInOrder() throws {
        #expect(
            try Self.end(of: "{\"a\":1}\n\(Self.user)\n{\"a\":2}\n{\"a\":3}\n").map(\.description) == [
                Self.user, #"{"a":2}"#, #"{"a":3}"#,
            ])
    }

    @Test func withoutSuchWordsAllIsRead() throws {
        #expect(try Self.end(of: "{\"a\":1}\n{\"a\":2}").map(\.description) == [#"{"a":1}"#, #"{"a":2}"#])
    }

    @Test func whatIsNoJSONIsLeftOut() throws {
        #expect(try Self.end(of: "cut\":1}\n\n{\"a\":2}\n{\"a\"").map(\.description) == [#"{"a":2}"#])
    }

    @Test func ofALongRecordOnlyTheEndIsRead() throws {
        let old = "{\"old\":\"" + String(repeating: "x", count: Transcript.endBytes) + "\"}\n"
        #expect(try Self.end(of: old + "{\"a\":2}\n").map(\.description) == [#"{"a":2}"#])
    }

    @Test func noRecordIsEmpty() throws {
        #expect(Transcript.end(of: nil).isEmpty)
        #expect(try Self.end(of: "").isEmpty)
        try Place.with { place in
            #expect(Transcript.end(of: "\(place.path)/missing").isEmpty)
            #expect(Transcript.end(of: place.path).isEmpty, "a directory")
        }
    }

    private static func end(of text: String) throws -> [JSONValue] {
        var lines: [JSONValue] = []
        try Place.with { place in
            let path = "\(place.path)/rollout.jsonl"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            lines = Transcript.end(of: path)
        }
        return lines
    }
}
