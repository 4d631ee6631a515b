import JSON
import JSONRPC
@testable import Session
import Testing

/// `turn/start` and the calls that change a thread's settings.
@Suite struct TurnCallTests {
    @Test func theMissionsTurnGoesOnAsItCame() throws {
        let call = try turn(
            """
            {"threadId":"t","input":[{"type":"text","text":"hi"}],"cwd":null,"approvalPolicy":null,\
            "sandboxPolicy":null,"model":null,"effort":null,"summary":null}
            """)
        #expect(!call.isRewritten)
        #expect(call.threadID == "t")
        #expect(call.change == ThreadMode.Change())
        #expect(call.cwd == nil)
    }

    @Test(
        arguments: [
            ("onRequest", "on-request", .everyCommand, true), ("on-request", "on-request", .everyCommand, false),
            ("untrusted", "on-request", .everyCommand, true), ("onFailure", "on-request", .sandboxOnly, true),
            ("never", "never", .never, false),
        ] as [(JSONValue, JSONValue, ApprovalPolicy, Bool)])
    func thePolicyIsTranslated(_ word: JSONValue, _ told: JSONValue, _ policy: ApprovalPolicy, _ isRewritten: Bool)
        throws
    {
        let call = try TurnCall(
            "turn/start", params: ["threadId": "t", "approvalPolicy": word], principal: .local, policy: Machine.policy()
        )
        #expect(call.params["approvalPolicy"] == told)
        #expect(call.change == ThreadMode.Change(policy: policy))
        #expect(call.isRewritten == isRewritten)
    }

    @Test(
        arguments: [
            (#"{"type":"readOnly"}"#, #"{"type":"readOnly","networkAccess":false}"#, .readOnly),
            (#""read-only""#, #"{"type":"readOnly","networkAccess":false}"#, .readOnly),
            (
                #"{"type":"workspaceWrite","writableRoots":[],"networkAccess":false,"later":1}"#,
                """
                {"type":"workspaceWrite","writableRoots":[],"networkAccess":false,"excludeTmpdirEnvVar":false,\
                "excludeSlashTmp":false}
                """, .workspaceWrite
            ),
        ] as [(String, String, SandboxMode)])
    func theSandboxIsWrittenInFull(_ policy: String, _ told: String, _ mode: SandboxMode) throws {
        let call = try turn(#"{"threadId":"t","sandboxPolicy":\#(policy)}"#)
        #expect(JSONValue.object(call.params).description == #"{"threadId":"t","sandboxPolicy":\#(told)}"#)
        #expect(call.change == ThreadMode.Change(sandbox: mode))
    }

    @Test func aNewDirectoryIsKept() throws {
        let call = try turn(#"{"threadId":"t","cwd":"/work/space/app"}"#)
        #expect(call.cwd == "/work/space/app")
        #expect(!call.isRewritten)
    }

    @Test(arguments: ["{}", #"{"threadId":null}"#, #"{"threadId":1}"#])
    func theThreadIsNamed(_ params: String) {
        #expect(throws: ErrorReply(.invalidParams, "turn/start: threadId is missing.")) { try turn(params) }
    }

    @Test func everyCallThatMayChangeAThreadIsRead() {
        #expect(TurnCall.methods == ["turn/start", "thread/settings/update", "turn/settings/update"])
    }

    private func turn(_ params: String) throws -> TurnCall {
        try TurnCall("turn/start", params: JSONValue(parsing: params), principal: .guest, policy: Machine.policy())
    }
}
