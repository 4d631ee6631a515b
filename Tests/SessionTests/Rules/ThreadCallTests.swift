import JSON
import JSONRPC
import Policy
@testable import Session
import Testing

/// `thread/start`, `resume` and `fork` as codex receives them.
@Suite struct ThreadCallTests {
    @Test func theMissionsStartIsRewrittenMemberByMember() throws {
        let call = try start(
            """
            {"model":null,"modelProvider":null,"cwd":"/work/space/app","approvalPolicy":null,"sandbox":null,\
            "config":null,"baseInstructions":null,"developerInstructions":null}
            """)
        #expect(
            withoutProjects(call) == """
                {"model":null,"modelProvider":null,"cwd":"/work/space/app","approvalPolicy":"on-request",\
                "config":{"default_permissions":"sre-workspace-write-7f"},"baseInstructions":null,\
                "developerInstructions":null,"approvalsReviewer":"user"}
                """)
        #expect(call.cwd == "/work/space/app")
        #expect(
            call.change
                == ThreadMode.Change(
                    policy: .everyCommand, sandbox: .workspaceWrite, cwd: "/work/space/app",
                    directory: "/work/space/app"))
    }

    @Test func whatTheServerDoesNotKnowStaysAsItCame() throws {
        let call = try start(
            #"{"later":{"a":[1.0,1e2]},"sandbox":"readOnly","config":{"model":"m","web_search":"live"},"ephemeral":true}"#
        )
        #expect(
            withoutProjects(call) == """
                {"later":{"a":[1.0,1e2]},"config":{"model":"m","web_search":"live",\
                "default_permissions":"sre-read-only-7f"},"ephemeral":true,"approvalPolicy":"on-request",\
                "approvalsReviewer":"user","cwd":"/work/space"}
                """)
    }

    @Test func nothingSaidStartsInTheWorkspace() throws {
        #expect(try start("{}").cwd == Machine.workspace)
        #expect(try start(#"{"cwd":null}"#).params["cwd"] == .string(Machine.workspace))
    }

    @Test(
        arguments: [
            (nil, "sre-workspace-write-7f"), ("workspaceWrite", "sre-workspace-write-7f"),
            ("read-only", "sre-read-only-7f"),
            ("danger-full-access", "sre-full-access-7f"),
        ] as [(String?, String)])
    func theSandboxIsAProfileAndNeverCodexsOwn(_ word: String?, _ profile: String) throws {
        let params: JSONValue = ["sandbox": word.map { .string($0) } ?? .null]
        let call = try ThreadCall(
            .start, params: params, principal: .local, policy: Machine.policy(allowsFullAccess: true),
            known: { _ in nil })
        #expect(call.params["sandbox"] == nil)
        #expect(call.params["config"]?["default_permissions"] == .string(profile))
    }

    @Test(arguments: [ThreadCall.Method.start, .resume, .fork])
    func thePolicyIsAlwaysSaid(_ method: ThreadCall.Method) throws {
        for (word, told) in [(nil, "on-request"), ("never", "never"), ("unlessTrusted", "on-request")] {
            let params: JSONValue = ["threadId": "t", "approvalPolicy": word.map { .string($0) } ?? .null]
            let call = try ThreadCall(
                method, params: params, principal: .local, policy: Machine.policy(), known: { _ in nil })
            #expect(call.params["approvalPolicy"] == .string(told))
            #expect(call.params["approvalsReviewer"] == "user")
        }
    }

    @Test(arguments: [ThreadCall.Method.resume, .fork])
    func anExistingThreadWorksWhereTheAgentSays(_ method: ThreadCall.Method) throws {
        var call = try ThreadCall(
            method, params: ["threadId": "t"], principal: .guest, policy: Machine.policy(), known: { _ in nil })
        #expect(call.cwd == nil)
        #expect(call.threadID == "t")
        try call.settle(cwd: "/work/space/app", policy: Machine.policy())
        #expect(call.cwd == "/work/space/app")
        #expect(call.params["cwd"] == nil)
        #expect(call.params["config"]?["projects"]?["/work/space/app"] == ["trust_level": "untrusted"])
        // Resuming only watches the thread.
        guard method == .fork else { return try call.settle(cwd: "/etc", policy: Machine.policy()) }
        let outside = refusal { () throws(ErrorReply) in try call.settle(cwd: "/etc", policy: Machine.policy()) }
        #expect(outside?.code == .refused)
    }

    @Test(arguments: [ThreadCall.Method.resume, .fork])
    func anExistingThreadKeepsItsSandboxUnlessTheCallNamesOne(_ method: ThreadCall.Method) throws {
        func profile(_ params: JSONValue) throws -> JSONValue? {
            let call = try ThreadCall(method, params: params, principal: .local, policy: Machine.policy()) { id in
                id == "t" ? ThreadMode(policy: .never, sandbox: .readOnly) : nil
            }
            #expect(call.change.policy == .everyCommand)
            return call.params["config"]?["default_permissions"]
        }
        let named = try ThreadCall(
            method, params: ["threadId": "t", "approvalPolicy": "onRequest"], principal: .guest,
            policy: Machine.policy()
        ) { _ in ThreadMode(policy: .never) }
        #expect(named.change.policy == .everyCommand)
        #expect(try profile(["threadId": "t"]) == "sre-read-only-7f")
        #expect(try profile(["threadId": "t", "sandbox": nil]) == "sre-read-only-7f")
        #expect(try profile(["threadId": "t", "sandbox": "workspaceWrite"]) == "sre-workspace-write-7f")
        #expect(try profile(["threadId": "other"]) == "sre-workspace-write-7f")
    }

    @Test func openingAThreadThatHasNoSandboxNeedsTheSetting() {
        let error = refusal { () throws(ErrorReply) in
            try ThreadCall(.resume, params: ["threadId": "t"], principal: .local, policy: Machine.policy()) { _ in
                ThreadMode(sandbox: .dangerFullAccess)
            }
        }
        #expect(error?.message.contains("ALLOW_FULL_ACCESS=1") == true)
    }

    @Test(arguments: [ThreadCall.Method.resume, .fork])
    func anExistingThreadIsNamed(_ method: ThreadCall.Method) {
        for params in [[:], ["threadId": nil], ["threadId": 7]] as [JSONValue] {
            let error = refusal { () throws(ErrorReply) in
                try ThreadCall(method, params: params, principal: .local, policy: Machine.policy(), known: { _ in nil })
            }
            #expect(error == ErrorReply(.invalidParams, "\(method.rawValue): threadId is missing."))
        }
    }

    @Test func aPathToAStoredThreadIsForAdmins() throws {
        let params: JSONValue = ["threadId": "t", "path": "/etc/passwd"]
        let error = refusal { () throws(ErrorReply) in
            try ThreadCall(
                .resume, params: params, principal: .holder(.approver), policy: Machine.policy(), known: { _ in nil })
        }
        #expect(error?.code == .refused)
        #expect(error?.message.contains("path") == true)
        _ = try ThreadCall(.resume, params: params, principal: .guest, policy: Machine.policy(), known: { _ in nil })
    }

    private func start(_ params: String) throws -> ThreadCall {
        try ThreadCall(
            .start, params: JSONValue(parsing: params), principal: .guest, policy: Machine.policy(), known: { _ in nil }
        )
    }

    /// After a restart of the server, nothing is known of the thread but what is stored.
    @Test(arguments: [("readOnly", "sre-read-only-7f"), ("workspaceWrite", "sre-workspace-write-7f")])
    func aReopenedThreadIsNoMorePermissive(stored: String, profile: String) throws {
        let sandbox = try SandboxMode(.string(stored))
        for (method, principal) in [(ThreadCall.Method.resume, Principal.local), (.fork, .local)] {
            let call = try ThreadCall(
                method, params: ["threadId": "T1"], principal: principal, policy: Machine.policy(), known: { _ in nil },
                kept: { _ in KeptThread(sandbox: sandbox) })
            #expect(call.params["config"]?["default_permissions"] == .string(profile))
            #expect(call.change.sandbox == sandbox)
        }
        let named = try ThreadCall(
            .resume, params: ["threadId": "T1", "sandbox": "workspaceWrite"], principal: .local,
            policy: Machine.policy(),
            known: { _ in nil }, kept: { _ in KeptThread(sandbox: .readOnly) })
        #expect(named.change.sandbox == .workspaceWrite)
    }

    private func withoutProjects(_ call: ThreadCall) -> String {
        var params = JSONValue.object(call.params)
        params["config"]?["projects"] = nil
        return params.description
    }
}
