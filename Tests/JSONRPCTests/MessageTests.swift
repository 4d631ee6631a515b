import JSON
import JSONRPC
import Testing

/// The kind of a message, and the positions of its parts.
@Suite struct MessageTests {
    @Test(
        arguments: [
            (#"{"id":1,"method":"a/b","params":{}}"#, .integer(1)), (#"{"method":"a/b","id":"x"}"#, .string("x")),
            (#"{"id":-5,"method":"a/b"}"#, .integer(-5)), (#"{"id":"","method":"a/b"}"#, .string("")),
            (#"{"id":-0,"method":"a/b"}"#, .integer(0)),
            (#"{"jsonrpc":"2.0","id":9223372036854775807,"method":"a/b"}"#, .integer(.max)),
            (#" { "id" : 0 , "method" : "a/b" } "#, .integer(0)), (#"{"id":"1","method":"a\/b"}"#, .string("1")),
            (#"{"id":1,"method":"a/b","result":{},"error":{}}"#, .integer(1)),
            (#"{"i\u0064":1,"method":"a/b"}"#, .integer(1)),
            (#"{"id":1,"m\u0065thod":"\u0061/b","later":[{"method":"x"}]}"#, .integer(1)),
        ] as [(String, RequestID)])
    func aMethodAndAnIDAreARequest(_ text: String, _ id: RequestID) throws {
        let message = try Message(scanning: Array(text.utf8))
        guard case .request(id) = message.kind else {
            Issue.record("\(message.kind) is not the request \(id)")
            return
        }
        #expect(message.method == "a/b")
    }

    @Test(arguments: [
        #"{"method":"a/b"}"#, #"{"method":"a/b","params":null}"#, #"{"params":{"id":1},"method":"a/b"}"#,
        #"{"jsonrpc":"2.0","method":"a/b","result":1}"#,
    ])
    func aMethodWithoutAnIDIsANotification(_ text: String) throws {
        let message = try Message(scanning: Array(text.utf8))
        guard case .notification = message.kind else {
            Issue.record("\(message.kind) is no notification")
            return
        }
        #expect(message.method == "a/b")
    }

    @Test(
        arguments: [
            (#"{"id":7,"result":{}}"#, .integer(7)), (#"{"result":null,"id":"x"}"#, .string("x")),
            (#"{"id":7,"error":{"code":1}}"#, .integer(7)), (#"{"id":7,"r\u0065sult":false}"#, .integer(7)),
            (#"{"id":7,"result":1,"error":2}"#, .integer(7)),
        ] as [(String, RequestID)])
    func aResultOrAnErrorIsAResponse(_ text: String, _ id: RequestID) throws {
        let message = try Message(scanning: Array(text.utf8))
        guard case .response(id) = message.kind else {
            Issue.record("\(message.kind) is not the response \(id)")
            return
        }
        #expect(message.method.isEmpty)
    }

    @Test func rangesCoverTheValuesAsTheyStand() throws {
        let text = #"{"id":1, "params" : { "a": [1, 2] } ,"result": "r", "error":{"c":-1} }"#
        let bytes = Array(text.utf8)
        let message = try Message(scanning: bytes)
        func slice(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
        #expect(slice(message.params) == #"{ "a": [1, 2] }"#)
        #expect(slice(message.result) == #""r""#)
        #expect(slice(message.error) == #"{"c":-1}"#)
    }

    @Test func whatIsAbsentHasNoRange() throws {
        let message = try Message(scanning: Array(#"{"method":"a"}"#.utf8))
        #expect(message.params == nil && message.result == nil && message.error == nil)
    }

    /// The values in `params` are not built: readers of params must refuse duplicate members themselves.
    @Test func paramsAreCheckedForGrammarOnly() throws {
        let message = try Message(scanning: Array(#"{"method":"a","params":{"x":1,"x":2}}"#.utf8))
        #expect(message.params == 23..<36)
    }
}
