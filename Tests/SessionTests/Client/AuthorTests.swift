import AuditRecord
import JSON
import Policy
@testable import Session
import Testing

/// Who sent the messages that the agent reports.
@Suite struct AuthorTests {
    private static func message(_ text: String, id: String? = nil) -> UserMessage? {
        UserMessage(params: [
            "input": [["type": "text", "text": .string(text)]], "clientUserMessageId": id.map { .string($0) } ?? .null,
        ])
    }

    private static func item(_ text: String, id: String? = nil) -> UserMessage? {
        UserMessage(item: [
            "type": "userMessage", "clientId": id.map { .string($0) } ?? .null,
            "content": [["type": "text", "text": .string(text), "text_elements": []]],
        ])
    }

    @Test func theAuthorIsSplicedIntoTheAgentsBytes() {
        var client = Client.connected()
        let item = #"{"type":"userMessage","id":"i1","content":[{"type":"text","text":"hi"}]}"#
        for method in ["item/started", "item/completed"] {
            let told = client.hears(#"{"method":"\#(method)", "params":{"threadId":"T1", "item":\#(item)}}"#)
            #expect(
                told == [
                    """
                    client {"method":"\(method)", "params":{"sre":{"author":{"id":"local","name":"local user",\
                    "role":"admin"}},"threadId":"T1", "item":\(item)}}
                    """
                ])
            let other = #"{"method":"\#(method)","params":{"threadId":"T1","item":{"type":"agentMessage","id":"i1"}}}"#
            #expect(client.hears(other) == ["forward"])
            #expect(client.hears(#"{"method":"\#(method)","params":{"threadId":"T2","item":\#(item)}}"#) == ["forward"])
        }
    }

    /// Otherwise a person who repeats another's text with a picture would speak in their name.
    @Test func messagesDifferByTheirPicturesAndMentions() throws {
        func message(_ part: JSONValue) -> UserMessage? {
            UserMessage(params: ["input": [["type": "text", "text": "hi"], part], "clientUserMessageId": "a"])
        }
        let plain = try #require(Self.message("hi", id: "a"))
        let picture = message(["type": "localImage", "path": "/a.png"])
        let mention = message(["type": "mention", "name": "x", "path": "app://x"])
        #expect(picture != plain && mention != plain && picture != mention)
        #expect(picture == message(["type": "localImage", "path": "/a.png"]))
        #expect(picture != message(["type": "localImage", "path": "/b.png"]))
    }

    @Test func messagesAreMatchedByIDAndText() throws {
        var messages = SentMessages()
        let (ann, bob) = (Principal.holder(.operator), Principal.local)
        for (text, id, principal) in [("go on", nil, ann), ("go on", nil, bob), ("go on", "m", bob)] {
            messages.sent(try #require(Self.message(text, id: id)), by: principal)
        }
        let (plain, named) = (try #require(Self.item("go on")), try #require(Self.item("go on", id: "m")))
        #expect(messages.author(ofItem: "x", try #require(Self.item("other"))) == nil)
        #expect(messages.author(ofItem: "3", named)?.principal == bob)
        #expect(messages.author(ofItem: "1", plain)?.principal == ann)
        #expect(messages.author(ofItem: "1", plain)?.principal == ann, "every subscriber reports it")
        #expect(messages.author(ofItem: "2", plain)?.principal == bob)
        #expect(messages.author(ofItem: "4", plain) == nil)
    }

    @Test func aMessageThatTheAgentHasRefusedCountsForNobody() throws {
        var messages = SentMessages()
        let message = try #require(Self.message("go on"))
        messages.sent(message, by: .holder(.operator))
        messages.sent(message, by: .local)
        messages.refused(message, by: .holder(.operator))
        #expect(messages.author(ofItem: "1", try #require(Self.item("go on")))?.principal == .local)
    }

    @Test func aRefusalIsTold() {
        var client = Client.connected(modes: .ofOpenThread)
        let input = #""threadId":"T1","input":[{"type":"text","text":"hi"}]"#
        #expect(client.says(#"{"id":3,"method":"turn/start","params":{\#(input)}}"#) == ["input T1", "forward"])
        #expect(client.hears(#"{"id":3,"error":{"code":1}}"#) == ["message in T1 refused", "forward"])
        #expect(
            client.says(#"{"id":4,"method":"turn/steer","params":{"expectedTurnId":"u",\#(input)}}"#)
                == ["input T1", "forward"])
        #expect(client.session.takeNotes().first?.turnID == "u")
        #expect(client.hears(#"{"id":4,"error":{"code":1}}"#) == ["message in T1 refused", "forward"])
    }

    @Test func anAgentThatHasEndedTakesNoMessage() {
        var client = Client.connected(modes: .ofOpenThread)
        let input = #""threadId":"T1","input":[{"type":"text","text":"hi"}]"#
        _ = client.says(#"{"id":3,"method":"turn/start","params":{\#(input)}}"#)
        #expect(client.lose().contains("message in T1 refused"))
    }

    @Test func fewAreRemembered() throws {
        var messages = SentMessages()
        for number in 0..<(2 * SentMessages.limit) {
            messages.sent(try #require(Self.message("\(number)")), by: .local)
        }
        #expect(messages.author(ofItem: "0", try #require(Self.item("0"))) == nil)
        #expect(messages.author(ofItem: "n", try #require(Self.item("\(2 * SentMessages.limit - 1)"))) != nil)
    }
}
