import JSON
import JSONRPC
import Testing

/// The exact bytes of the server's own messages: like codex's, without `jsonrpc`.
@Suite struct MessageEncoderTests {
    @Test(arguments: [(RequestID.integer(3), "3"), (.string("3"), #""3""#), (.integer(.min), "-9223372036854775808")])
    func anIDKeepsItsKind(_ id: RequestID, _ written: String) {
        #expect(Self.text(MessageEncoder.result(["a": 1], id: id)) == #"{"id":\#(written),"result":{"a":1}}"#)
        #expect(RequestID(id.json) == id)
        #expect(id.description == written.filter { $0 != "\"" })
    }

    @Test func errors() {
        let plain = MessageEncoder.error(ErrorReply(.refused, "No \"way\""), id: .string("x"))
        #expect(Self.text(plain) == #"{"id":"x","error":{"code":-32003,"message":"No \"way\""}}"#)
        let withData = MessageEncoder.error(ErrorReply(.internalError, "m", data: ["k": nil]), id: nil)
        #expect(Self.text(withData) == #"{"id":null,"error":{"code":-32603,"message":"m","data":{"k":null}}}"#)
        let foreign = MessageEncoder.error(["code": 1, "later": true], id: .integer(0))
        #expect(Self.text(foreign) == #"{"id":0,"error":{"code":1,"later":true}}"#)
    }

    @Test(
        arguments: [
            (ErrorCode.parseError, -32700), (.invalidRequest, -32600), (.invalidParams, -32602),
            (.internalError, -32603),
            (.agentUnavailable, -32000), (.overloaded, -32001), (.refused, -32003),
        ] as [(ErrorCode, Int64)])
    func errorCodesAreThoseClientsKnow(_ code: ErrorCode, _ number: Int64) {
        #expect(code.rawValue == number)
    }

    @Test func requestsAndNotifications() {
        #expect(
            Self.text(MessageEncoder.request("a/b", id: .integer(1), params: ["x": []]))
                == #"{"id":1,"method":"a/b","params":{"x":[]}}"#)
        #expect(Self.text(MessageEncoder.notification("initialized")) == #"{"method":"initialized"}"#)
        #expect(Self.text(MessageEncoder.notification("a", params: nil)) == #"{"method":"a"}"#)
        #expect(Self.text(MessageEncoder.notification("a", params: .null)) == #"{"method":"a","params":null}"#)
    }

    @Test func whatIsWrittenIsAMessage() throws {
        for bytes in [
            MessageEncoder.result(nil, id: .integer(1)),
            MessageEncoder.error(ErrorReply(.overloaded, "m"), id: .integer(1)),
            MessageEncoder.request("a", id: .string("\u{0}\""), params: nil), MessageEncoder.notification("a"),
        ] {
            #expect(throws: Never.self) { try Message(scanning: bytes) }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
