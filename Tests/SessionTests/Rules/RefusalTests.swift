import JSON
import JSONRPC
@testable import Session
import Testing

/// Members that thread and turn calls must not contain. Each refusal names the refused member.
@Suite struct RefusalTests {
    static let principals: [Principal] = [.local, .guest]

    @Test(
        arguments: [
            ("permissions", ":danger-full-access"), ("permissions", "sre-workspace-write"), ("permissions", [:]),
            ("environments", [["environmentId": "x", "cwd": "/"]]), ("environments", "x"),
            ("runtimeWorkspaceRoots", ["/etc"]), ("runtimeWorkspaceRoots", ["/work/space", "/work"]),
            ("runtimeWorkspaceRoots", ["/work/spaceship"]), ("runtimeWorkspaceRoots", ["/work/space/way-out"]),
            ("runtimeWorkspaceRoots", ["/work/space/app/../.."]), ("runtimeWorkspaceRoots", ["/nowhere"]),
            ("runtimeWorkspaceRoots", [7]), ("runtimeWorkspaceRoots", [nil]),
            // A directory's plugin may name programs, which codex starts at once and outside the sandbox.
            ("selectedCapabilityRoots", [["id": "x", "location": ["type": "environment", "path": "/work/space"]]]),
        ] as [(String, JSONValue)], principals)
    func membersThatWouldOpenAnotherWayAreRefusedByName(_ member: (String, JSONValue), _ principal: Principal) {
        let params = JSONValue.object(JSONObject([("threadId", "t"), member]))
        for error in Self.refusals(params, principal) {
            #expect(error?.code == .refused)
            #expect(error?.message.contains(member.0) == true)
        }
    }

    @Test(
        arguments: [
            ("permissions", nil), ("environments", nil), ("environments", []), ("approvalsReviewer", nil),
            ("approvalsReviewer", "user"), ("approvalsReviewer", "auto_review"), ("runtimeWorkspaceRoots", nil),
            ("runtimeWorkspaceRoots", []),
            ("runtimeWorkspaceRoots", ["/work/space", "/work/space/app"]), ("selectedCapabilityRoots", nil),
            ("model", "any"), ("later", ["deep": [1]]),
        ] as [(String, JSONValue)], principals)
    func whatOpensNothingPasses(_ member: (String, JSONValue), _ principal: Principal) {
        let params = JSONValue.object(JSONObject([("threadId", "t"), member]))
        #expect(Self.refusals(params, principal) == [nil, nil, nil, nil])
    }

    @Test(arguments: ["never", "onFailure", "on-failure"] as [JSONValue])
    func runningUnaskedIsForTheLocalUser(_ word: JSONValue) {
        let params: JSONValue = ["threadId": "t", "approvalPolicy": word]
        for error in Self.refusals(params, .guest) {
            #expect(error?.code == .refused)
            #expect(error?.message.contains("ALLOW_UNATTENDED=1") == true)
        }
        #expect(Self.refusals(params, .local) == [nil, nil, nil, nil])
        #expect(Self.refusals(params, .guest, Machine.policy(allowsUnattended: true)) == [nil, nil, nil, nil])
    }

    @Test(arguments: ["dangerFullAccess", "danger-full-access"] as [JSONValue])
    func noSandboxIsForServersThatAllowIt(_ word: JSONValue) {
        let params: JSONValue = ["threadId": "t", "sandbox": word]
        for principal in Self.principals {
            for error in Self.refusals(params, principal).prefix(3) {
                #expect(error?.code == .refused)
                #expect(error?.message.contains("ALLOW_FULL_ACCESS=1") == true)
            }
            #expect(
                Self.refusals(params, principal, Machine.policy(allowsFullAccess: true)).prefix(3) == [nil, nil, nil])
        }
    }

    @Test(arguments: ["/etc", "/work", "/", "/work/spaceship", "/work/space/way-out", "/work/space/app/../.."])
    func outsideTheWorkspaceOnlyTheLocalUserWorks(_ path: String) {
        let params: JSONValue = ["threadId": "t", "cwd": .string(path)]
        for error in Self.refusals(params, .guest) {
            #expect(error?.code == .refused)
            #expect(error?.message.contains("WORKSPACE (/work/space)") == true)
        }
        #expect(Self.refusals(params, .local) == [nil, nil, nil, nil])
    }

    @Test(arguments: ["/nowhere", "work/space", "", ".", "~/x", 7, [], ["/work/space"]] as [JSONValue], principals)
    func aDirectoryThatIsNoneIsRefused(_ cwd: JSONValue, _ principal: Principal) {
        for error in Self.refusals(["threadId": "t", "cwd": cwd], principal) {
            #expect(error?.code == .invalidParams)
            #expect(error?.message.contains("cwd") == true)
        }
    }

    @Test(arguments: [[], "x", nil, 7] as [JSONValue])
    func paramsAreAnObject(_ params: JSONValue) {
        for error in Self.refusals(params, .local) { #expect(error?.code == .invalidParams) }
    }

    /// The refusals of start, resume, fork and a turn for the same params.
    private static func refusals(_ params: JSONValue, _ principal: Principal, _ policy: ServerPolicy = Machine.policy())
        -> [ErrorReply?]
    {
        let thread = [ThreadCall.Method.start, .resume, .fork].map { method in
            refusal { () throws(ErrorReply) in
                try ThreadCall(method, params: params, principal: principal, policy: policy, known: { _ in nil })
            }
        }
        let turn = refusal { () throws(ErrorReply) in
            try TurnCall("turn/start", params: params, principal: principal, policy: policy)
        }
        return thread + [turn]
    }
}
