import CodexProtocolFull
import JSON
import Testing

/// How a union's alternatives are distinguished.
struct UnionTests {
    @Test func theCommonMembersOfAFlattenedUnionAreItsOwners() throws {
        let json: JSONValue = [
            "serverName": "mail", "threadId": "t", "turnId": nil, "mode": "url", "elicitationId": "e",
            "message": "sign in", "url": "https://example.com", "future": true,
        ]
        let params = try expectRoundTrip(McpServerElicitationRequestParams.self, json)
        #expect(params.serverName == "mail")
        guard case .url(let content) = params.variant else { throw Unexpected() }
        #expect(content.url == "https://example.com")
        #expect(content.additionalMembers == ["future": true, "turnId": nil])
    }

    @Test func anUnknownCaseOfAFlattenedUnionKeepsItsMembers() throws {
        let json: JSONValue = ["serverName": "mail", "threadId": "t", "mode": "voice", "language": "en"]
        let params = try expectRoundTrip(McpServerElicitationRequestParams.self, json)
        #expect(params.variant == .unrecognized(["mode": "voice", "language": "en"]))
    }

    @Test(
        arguments: [
            (["type": "string", "title": "Name"], "stringSchema"),
            (["type": "boolean", "default": false], "booleanSchema"),
            (["type": "integer", "minimum": 1], "numberSchema"),
            (["type": "string", "enum": ["a", "b"]], "enumSchema"),
            (["type": "colour"], "unrecognized"),
        ] as [(JSONValue, String)])
    func objectsAreToldByTheirMembers(json: JSONValue, expected: String) throws {
        let schema = try expectRoundTrip(McpElicitationPrimitiveSchema.self, json)
        let name =
            switch schema {
            case .stringSchema: "stringSchema"
            case .booleanSchema: "booleanSchema"
            case .numberSchema: "numberSchema"
            case .enumSchema: "enumSchema"
            case .unrecognized: "unrecognized"
            }
        #expect(name == expected)
    }

    /// Only the last alternative knows `enumNames`; the others would accept it as an unknown member.
    @Test func theAlternativeThatKnowsAllMembersIsPreferred() throws {
        let legacy: JSONValue = ["type": "string", "enum": ["a"], "enumNames": ["A"]]
        guard case .legacyTitledEnumSchema = try expectRoundTrip(McpElicitationEnumSchema.self, legacy) else {
            throw Unexpected()
        }
        let later: JSONValue = ["type": "string", "enum": ["a"], "future": 1]
        guard case .singleSelectEnumSchema = try expectRoundTrip(McpElicitationEnumSchema.self, later) else {
            throw Unexpected()
        }
    }

    @Test func messagesAreToldByTheirMembers() throws {
        let request: JSONValue = ["id": 1, "method": "m", "future": 1]
        guard case .request = try expectRoundTrip(JSONRPCMessage.self, request) else { throw Unexpected() }
        let notification: JSONValue = ["method": "m"]
        guard case .notification = try expectRoundTrip(JSONRPCMessage.self, notification) else { throw Unexpected() }
        let response: JSONValue = ["id": 1, "result": nil]
        guard case .response = try expectRoundTrip(JSONRPCMessage.self, response) else { throw Unexpected() }
        let error: JSONValue = ["id": 1, "error": ["code": -32600, "message": "no"]]
        guard case .error = try expectRoundTrip(JSONRPCMessage.self, error) else { throw Unexpected() }
    }

    @Test func eitherOfTwoMembersIsOptional() throws {
        let image = try expectRoundTrip(UserInput.self, ["type": "image", "fileId": "f"])
        #expect(image == .image(UserInput.Image(fileId: "f")))
    }

    /// The schema says `turn_id`, but codex sends `turnId`.
    @Test func aTimelineEntryIsReadAsItIsSent() throws {
        let entry = try expectRoundTrip(
            ThreadTimelineEntry.self, ["type": "turnStarted", "position": 1, "turnId": "t", "startedAt": 5])
        #expect(entry == .turnStarted(ThreadTimelineEntry.TurnStarted(position: 1, startedAt: 5, turnId: "t")))
    }

    struct Unexpected: Error {}
}
