import JSON
import JSONRPC
import Testing

/// Malformed messages, and the errors that their senders receive.
@Suite struct FaultTests {
    @Test(arguments: [
        ("", "the text ends too early at byte 0"), ("{", "the text ends too early at byte 1"),
        (#"{"id":1,"method":"a"}x"#, "something follows the value at byte 21"),
        (#"{"id":1,"method":"a",}"#, "unexpected character at byte 21"), ("hello", "unexpected character at byte 0"),
        (#"{"id":01,"method":"a"}"#, "not a number at byte 7"),
        (#"{"id":1}{"id":2}"#, "something follows the value at byte 8"),
        (#"{"id":1,"method":"a","params":[}"#, "unexpected character at byte 31"),
    ])
    func brokenTextIsAParseErrorWithANullID(_ text: String, _ reason: String) {
        #expect(
            Self.reply(to: text)
                == #"{"id":null,"error":{"code":-32700,"message":"This is not JSON: \#(reason)."}}"#)
    }

    @Test(arguments: [
        ("[]", "null", "a message is one JSON object"), ("1", "null", "a message is one JSON object"),
        (#"[{"id":1,"method":"a"}]"#, "null", "a message is one JSON object"),
        (#""text""#, "null", "a message is one JSON object"), ("null", "null", "a message is one JSON object"),
        ("{}", "null", #"there is no \"method\", \"result\" or \"error\""#),
        (#"{"id":7}"#, "7", #"there is no \"method\", \"result\" or \"error\""#),
        (#"{"id":null}"#, "null", #"there is no \"method\", \"result\" or \"error\""#),
        (#"{"id":"x","params":{}}"#, #""x""#, #"there is no \"method\", \"result\" or \"error\""#),
        (#"{"id":7,"method":1}"#, "7", #"\"method\" is a string"#),
        (#"{"id":7,"method":null,"result":1}"#, "7", #"\"method\" is a string"#),
        (#"{"id":7,"method":""}"#, "7", #"\"method\" is a string"#),
        (#"{"method":["a"]}"#, "null", #"\"method\" is a string"#),
    ])
    func whatIsNoMessageIsAnInvalidRequest(_ text: String, _ id: String, _ reason: String) {
        #expect(Self.reply(to: text) == Self.invalid(id, reason))
    }

    @Test(arguments: ["null", "1.5", "1e400", "true", "{}", "[1]", "9223372036854775808", "1.0", "1e2"])
    func aRequestIDThatCodexCannotReadIsRefused(_ id: String) {
        let reason = "an id is a string or a 64-bit integer, not \(id)"
        #expect(Self.reply(to: #"{"id":\#(id),"method":"a"}"#) == Self.invalid("null", reason))
    }

    @Test(arguments: [
        (#"{"id":1,"method":"a","method":"b"}"#, "1", "method"),
        (#"{"id":1,"method":"a","m\u0065thod":"b"}"#, "1", "method"),
        (#"{"id":1,"\u006dethod":"a","method":"b"}"#, "1", "method"),
        (#"{"id":1,"method":"a","method":"a"}"#, "1", "method"),
        (#"{"id":1,"params":{},"p\u0061rams":{},"method":"a"}"#, "1", "params"),
        (#"{"id":1,"result":1,"result":2}"#, "1", "result"), (#"{"id":1,"error":1,"\u0065rror":2}"#, "1", "error"),
        (#"{"id":1,"method":"a","params":null,"params":{}}"#, "1", "params"),
        (#"{"id":7,"id":7,"method":"a"}"#, "7", "id"),
    ])
    func anEnvelopeMemberThatAppearsTwiceIsRefused(_ text: String, _ id: String, _ name: String) {
        #expect(Self.reply(to: text) == Self.invalid(id, #"\"\#(name)\" appears twice"#))
    }

    @Test(arguments: [
        #"{"id":1,"id":2,"method":"a"}"#, #"{"id":1,"i\u0064":2,"result":{}}"#, #"{"id":null,"id":2,"method":"a"}"#,
    ])
    func twoIDsAreRefused(_ text: String) {
        let fault = #expect(throws: MessageFault.self) { try Message(scanning: Array(text.utf8)) }
        guard case .notAMessage(#""id" appears twice"#, _) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    @Test(arguments: [
        #"{"result":{}}"#, #"{"error":{"code":1}}"#, #"{"id":null,"result":{}}"#, #"{"id":1.5,"result":{}}"#,
        #"{"id":true,"error":{}}"#,
    ])
    func aResponseWithoutAnIDIsAnsweredByNobody(_ text: String) {
        let fault = #expect(throws: MessageFault.self) { try Message(scanning: Array(text.utf8)) }
        #expect(fault == .responseWithoutID)
        #expect(fault?.reply == nil)
    }

    /// codex drops such a request silently (seen with 0.163.0: "lone leading surrogate in hex escape", "recursion limit
    /// exceeded"), so the server has to answer the client.
    @Test(arguments: [
        #"{"id":1,"method":"a","params":{"x":"\uD800"}}"#, #"{"id":1,"method":"a","params":{"x":"\uDC00"}}"#,
        #"{"id":1,"method":"a","params":{"\uD800":1}}"#, #"{"id":"\uD800","method":"a"}"#,
        #"{"id":1,"method":"a","params":{"x":"\uD83D\u0041"}}"#,
        #"{"id":1,"method":"a","params":"# + String(repeating: "[", count: 127) + String(repeating: "]", count: 127)
            + "}",
    ])
    func whatCodexCannotReadIsAParseError(_ text: String) throws {
        let reply = try #require(Self.reply(to: text))
        #expect(reply.hasPrefix(#"{"id":null,"error":{"code":-32700,"#))
    }

    private static func invalid(_ id: String, _ reason: String) -> String {
        #"{"id":\#(id),"error":{"code":-32600,"message":"This is not a JSON-RPC message: \#(reason)."}}"#
    }

    private static func reply(to text: String) -> String? {
        do throws(MessageFault) {
            _ = try Message(scanning: Array(text.utf8))
            return "accepted"
        } catch {
            return error.reply.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
