import CodexProtocolFull
import Testing

/// The counts of codex 0.163.0 with `--experimental`. They change deliberately with the pinned version.
struct MethodTests {
    @Test func everyMethodOfTheSchemaIsThere() {
        #expect(ClientRequest.Method.allCases.count == 172)
        #expect(ServerRequest.Method.allCases.count == 11)
        #expect(ServerNotification.Method.allCases.count == 85)
        #expect(ClientNotification.Method.allCases.count == 1)
    }

    @Test func everyMethodHasADefinition() {
        #expect(ClientRequest.definitions.map { $0.method } == ClientRequest.Method.allCases)
        #expect(ServerRequest.definitions.map { $0.method } == ServerRequest.Method.allCases)
        #expect(ServerNotification.definitions.map { $0.method } == ServerNotification.Method.allCases)
        #expect(ClientNotification.definitions.map { $0.method } == ClientNotification.Method.allCases)
    }

    @Test func methodsAreNamedAsOnTheWire() {
        #expect(ClientRequest.ThreadStart.method.rawValue == "thread/start")
        #expect(ClientRequest.Initialize.method.rawValue == "initialize")
        #expect(ServerNotification.Method(rawValue: "item/agentMessage/delta") == .itemAgentMessageDelta)
        #expect(ClientRequest.Method(rawValue: "no/such/method") == nil)
    }

    @Test func methodsAreBoundToTheirTypes() {
        #expect(ClientRequest.ThreadStart.Params.self == ThreadStartParams.self)
        #expect(ClientRequest.ThreadStart.Result.self == ThreadStartResponse.self)
        #expect(ClientRequest.AccountLogout.Params.self == NoParams.self)
        #expect(ClientRequest.AccountLogout.Result.self == LogoutAccountResponse.self)
        #expect(ClientRequest.RemoteControlEnable.Params.self == RemoteControlEnableParams?.self)
        #expect(ClientRequest.ConfigBatchWrite.Result.self == ConfigWriteResponse.self)
        #expect(ServerNotification.Error.Params.self == ErrorNotification.self)
    }
}
