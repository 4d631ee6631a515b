import CodexProtocolFull
import JSON
import Testing

struct ErrorTests {
    @Test func aMissingMemberIsNamedWithItsPath() {
        let json: JSONValue = [
            "threadId": "t", "turn": ["id": "u", "status": "completed", "items": [["type": "plan"]]],
        ]
        let error = #expect(throws: ProtocolError.self) { try TurnCompletedNotification(json: json) }
        #expect(error?.path == "turn.items[0].id")
        #expect(error?.description == "turn.items[0].id: expected a value, found nothing")
    }

    /// Errors are logged, and values may be secret.
    @Test func theValueFoundIsNotTold() {
        let error = #expect(throws: ProtocolError.self) {
            try LoginAccountParams(json: ["type": "apiKey", "apiKey": ["secret"]])
        }
        #expect(error?.description == "apiKey: expected a string, found an array")
    }

    @Test func nestedArraysAreTold() {
        let error = #expect(throws: ProtocolError.self) { try [[String]](json: [["a"], ["b", 1]]) }
        #expect(error?.description == "[1][1]: expected a string, found a number")
    }

    @Test func integersStayWithinTheirWidth() throws {
        #expect(try UInt64(json: JSONValue(parsing: "18446744073709551615")).json.description == "18446744073709551615")
        #expect(try Int32(json: 1.0) == 1)
        #expect(throws: ProtocolError.self) { try UInt16(json: 65536) }
        #expect(throws: ProtocolError.self) { try UInt32(json: -1) }
        #expect(throws: ProtocolError.self) { try Int64(json: 1.5) }
    }

    @Test func maps() throws {
        try expectRoundTrip([String: String?].self, ["A": "1", "B": nil])
        let error = #expect(throws: ProtocolError.self) { try [String: Bool](json: ["A": 1]) }
        #expect(error?.path == "A")
    }
}
