import CodexProtocolFull
import JSON
import Testing

/// Values that this protocol version does not know are encoded unchanged.
struct UnknownTests {
    @Test func membersOfAStructure() throws {
        let error = try expectRoundTrip(
            TurnError.self, ["message": "overloaded", "retryAfter": ["seconds": 1.0], "additionalDetails": nil])
        #expect(error.additionalMembers == ["retryAfter": ["seconds": 1.0], "additionalDetails": nil])
    }

    @Test func nullIsNotAbsence() throws {
        #expect(try expectRoundTrip(ThreadStartParams.self, ["model": nil]) != ThreadStartParams())
        var params = try expectRoundTrip(ThreadStartParams.self, ["model": nil, "cwd": "/project"])
        params.model = "gpt"
        #expect(params.json == ["model": "gpt", "cwd": "/project"])
    }

    @Test func aRequiredNullableMemberIsWrittenAsNull() throws {
        let account = try expectRoundTrip(Account.self, ["type": "chatgpt", "email": nil, "planType": "free"])
        #expect(account == .chatgpt(Account.Chatgpt(email: nil, planType: .free)))
    }

    @Test func valuesOfAStringEnumeration() throws {
        #expect(try expectRoundTrip(TurnStatus.self, "paused") == .unrecognized("paused"))
        #expect(try expectRoundTrip(TurnStatus.self, "completed") == .completed)
        #expect(TurnStatus.unrecognized("completed") == .completed)
    }

    @Test func aValueCalledUnknownIsKnown() throws {
        #expect(try expectRoundTrip(EnvironmentStatusKind.self, "unknown") == .unknown)
    }

    @Test func casesOfATaggedUnion() throws {
        let json: JSONValue = ["type": "sleeping", "until": 5]
        #expect(try expectRoundTrip(ThreadStatus.self, json) == .unrecognized(["type": "sleeping", "until": 5]))
        try expectRoundTrip(ThreadStatus.self, ["until": 5])
        try expectRoundTrip(ThreadStatus.self, ["type": 7])
    }

    @Test func membersOfACaseWithoutAPayload() throws {
        let status = try expectRoundTrip(ThreadStatus.self, ["type": "idle", "since": 5])
        #expect(status == .idle(additionalMembers: ["since": 5]))
        #expect(ThreadStatus.idle().json == ["type": "idle"])
    }

    @Test func casesOfAnExternallyTaggedUnion() throws {
        #expect(try expectRoundTrip(AskForApproval.self, "on-request") == .onRequest)
        #expect(try expectRoundTrip(AskForApproval.self, "sometimes") == .unrecognized("sometimes"))
        try expectRoundTrip(AskForApproval.self, ["scheduled": ["hours": [8, 17]]])
        try expectRoundTrip(AskForApproval.self, ["granular": ["rules": true], "other": 1])
        // An object with a tag differs from a string of the same name.
        try expectRoundTrip(AskForApproval.self, ["never": [:]])
        let granular = try expectRoundTrip(
            AskForApproval.self,
            ["granular": ["mcp_elicitations": true, "rules": true, "sandbox_approval": false, "future": 1]])
        guard case .granular(let content) = granular else { throw Unexpected() }
        #expect(content.additionalMembers == ["future": 1])
    }

    @Test func alternativesOfAnUntaggedUnion() throws {
        #expect(try expectRoundTrip(RequestId.self, 7) == .number(7))
        #expect(try expectRoundTrip(RequestId.self, "7") == .string("7"))
        #expect(try expectRoundTrip(RequestId.self, nil) == .unrecognized(.null))
        #expect(
            try expectRoundTrip(CodexErrorInfo.self, ["quota": ["left": 0]]) == .unrecognized(["quota": ["left": 0]]))
    }

    struct Unexpected: Error {}
}
