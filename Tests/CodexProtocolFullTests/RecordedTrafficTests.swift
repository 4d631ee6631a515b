import CodexProtocolFull
import JSON
import Testing

struct RecordedTrafficTests {
    let recording: Recording

    init() throws { recording = try Recording() }

    @Test func everyMessageIsReadAndWrittenAsItCame() throws {
        for message in recording.messages { try checkMessage(message.json, isFromServer: message.isFromServer) }
        #expect(recording.messages.count > 100)
    }

    /// As if a later codex had added a member to every object.
    @Test func membersAddedEverywhereSurvive() throws {
        for message in recording.messages {
            try checkMessage(Self.extended(message.json), isFromServer: message.isFromServer)
        }
    }

    @Test func theAnswerToInitializeIsRead() throws {
        let result = try InitializeResponse(json: #require(recording.result(of: "initialize")))
        #expect(result.platformOs == "linux")
        #expect(result.userAgent.hasPrefix("recorder/"))
        #expect(result.additionalMembers.isEmpty)
    }

    @Test func aStartedThreadIsRead() throws {
        let result = try ClientRequest.ThreadStart.Result(json: #require(recording.result(of: "thread/start")))
        #expect(result.approvalPolicy == .onRequest)
        #expect(result.thread.turns.isEmpty)
        #expect(result.thread.name == nil)
        // Null on the wire stays null.
        #expect(result.thread.additionalMembers["name"] == .null)
    }

    @Test func anApprovalIsReadAndAnswered() throws {
        let method = ServerRequest.Method.itemCommandExecutionRequestApproval
        let params = try CommandExecutionRequestApprovalParams(json: #require(recording.params(of: method.rawValue)))
        #expect(params.reason == "Need to write outside")
        #expect(params.availableDecisions?.first == .accept)
        let answer = CommandExecutionRequestApprovalResponse(decision: .accept)
        #expect(answer.json == recording.result(of: method.rawValue))
    }

    @Test func itemsAreRead() throws {
        let items = try recording.messages.filter { $0.method == "item/completed" }
            .map { try ItemCompletedNotification(json: #require($0.json["params"])).item }
        let commands = items.compactMap { item in
            if case .commandExecution(let command) = item { command } else { nil }
        }
        #expect(commands.first?.aggregatedOutput == "hello\n")
        #expect(commands.first?.exitCode == 0)
        let answers = items.compactMap { if case .agentMessage(let answer) = $0 { answer.text } else { nil } }
        #expect(answers.contains("Done."))
    }

    /// Decodes a message's envelope, and then its content.
    private func checkMessage(_ json: JSONValue, isFromServer: Bool) throws {
        if json["method"] == nil {
            try checkAnswer(json, isFromServer: isFromServer)
        } else if isFromServer, json["id"] != nil {
            let request = try expectRoundTrip(ServerRequest.self, json)
            let definition = try #require(ServerRequest.definitions.first { $0.method.rawValue == request.method })
            try Codec.expectParamsRoundTrip(definition, request.params)
        } else if isFromServer {
            let notification = try expectRoundTrip(ServerNotification.self, json)
            let definition = try #require(
                ServerNotification.definitions.first { $0.method.rawValue == notification.method })
            try Codec.expectParamsRoundTrip(definition, notification.params)
        } else if json["id"] != nil {
            let request = try expectRoundTrip(ClientRequest.self, json)
            let definition = try #require(ClientRequest.definitions.first { $0.method.rawValue == request.method })
            try Codec.expectParamsRoundTrip(definition, request.params)
        } else {
            try expectRoundTrip(ClientNotification.self, json)
        }
    }

    private func checkAnswer(_ json: JSONValue, isFromServer: Bool) throws {
        guard let result = json["result"] else {
            try expectRoundTrip(JSONRPCError.self, json)
            return
        }
        try expectRoundTrip(JSONRPCResponse.self, json)
        let request = recording.messages.first {
            $0.isFromServer != isFromServer && $0.method != nil && $0.json["id"] == json["id"]
        }
        let method = try #require(request?.method)
        if let definition = ClientRequest.definitions.first(where: { $0.method.rawValue == method }) {
            try Codec.expectResultRoundTrip(definition, result)
        } else {
            let definition = try #require(ServerRequest.definitions.first { $0.method.rawValue == method })
            try Codec.expectResultRoundTrip(definition, result)
        }
    }

    /// Objects that map any key to values of one type.
    private static let maps: Set<String> = ["origins", "readStates"]

    private static func extended(_ json: JSONValue) -> JSONValue {
        switch json {
        case .array(let elements): return .array(elements.map(extended))
        case .object(let object):
            let members = object.members.map { ($0.key, maps.contains($0.key) ? $0.value : extended($0.value)) }
            return .object(JSONObject(members + [("futureMember", [1, nil])]))
        default: return json
        }
    }
}
