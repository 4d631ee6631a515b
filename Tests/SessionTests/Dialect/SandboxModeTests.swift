import JSON
import JSONRPC
@testable import Session
import Testing

/// Every spelling of `sandbox` and `sandboxPolicy`, and the corresponding profile.
@Suite struct SandboxModeTests {
    @Test(
        arguments: [
            (nil, .workspaceWrite), (.null, .workspaceWrite), ("readOnly", .readOnly), ("read-only", .readOnly),
            ("workspaceWrite", .workspaceWrite), ("workspace-write", .workspaceWrite),
            ("dangerFullAccess", .dangerFullAccess), ("danger-full-access", .dangerFullAccess),
        ] as [(JSONValue?, SandboxMode)])
    func spellings(_ spelling: JSONValue?, _ mode: SandboxMode) throws {
        #expect(try SandboxMode(spelling) == mode)
    }

    @Test(arguments: ["", "readonly", "read_only", "none", "external", 1, true, [], [:], ["readOnly"]] as [JSONValue])
    func anythingElseIsRefusedByName(_ value: JSONValue) {
        let error = #expect(throws: ErrorReply.self) { try SandboxMode(value) }
        #expect(error?.code == .invalidParams)
        #expect(error?.message.hasPrefix("sandbox \(value) is unknown.") == true)
    }

    /// codex merges tables of the same name from all its files; an unguessable name occurs in no other file.
    @Test func everyModeHasAProfileUnderANameOfThisLife() {
        let profiles = PermissionProfiles(suffix: "a1")
        #expect(
            SandboxMode.allCases.map { profiles[$0] }
                == ["sre-read-only-a1", "sre-workspace-write-a1", "sre-full-access-a1"])
    }

    @Test(
        arguments: [
            (nil, nil), (.null, nil), ("readOnly", .readOnly), ("workspace-write", .workspaceWrite),
            (["type": "readOnly"], .readOnly), (["type": "workspaceWrite"], .workspaceWrite),
            (["type": "readOnly", "networkAccess": false], .readOnly),
            (["type": "workspaceWrite", "networkAccess": "restricted", "writableRoots": []], .workspaceWrite),
            (
                ["type": "workspaceWrite", "networkAccess": nil, "writableRoots": nil, "excludeSlashTmp": true],
                .workspaceWrite
            ),
        ] as [(JSONValue?, SandboxMode?)])
    func turnPolicies(_ value: JSONValue?, _ mode: SandboxMode?) throws {
        #expect(try SandboxMode.policy(value) == mode)
    }

    @Test(
        arguments: [
            (["type": "workspaceWrite", "networkAccess": true], "sandboxPolicy.networkAccess"),
            (["type": "readOnly", "networkAccess": "enabled"], "sandboxPolicy.networkAccess"),
            (["type": "workspaceWrite", "networkAccess": 1], "sandboxPolicy.networkAccess"),
            (["type": "workspaceWrite", "writableRoots": ["/etc"]], "sandboxPolicy.writableRoots"),
            (["type": "dangerFullAccess"], "sandboxPolicy dangerFullAccess"),
            (["type": "danger-full-access"], "sandboxPolicy dangerFullAccess"),
            ("dangerFullAccess", "sandboxPolicy dangerFullAccess"),
            ("danger-full-access", "sandboxPolicy dangerFullAccess"),
        ] as [(JSONValue, String)])
    func whatWouldOpenTheSandboxInATurnIsRefused(_ value: JSONValue, _ named: String) {
        let error = #expect(throws: ErrorReply.self) { try SandboxMode.policy(value) }
        #expect(error?.code == .refused)
        #expect(error?.message.hasPrefix(named) == true)
    }

    @Test(
        arguments: [["type": "externalSandbox"], [:], ["type": nil, "mode": "readOnly"], ["readOnly"], 1] as [JSONValue]
    )
    func anUnknownTurnPolicyIsRefused(_ value: JSONValue) {
        let error = #expect(throws: ErrorReply.self) { try SandboxMode.policy(value) }
        #expect(error?.message.hasPrefix("sandbox") == true)
    }

    @Test func whatCodexIsToldInATurnHasNoNetwork() {
        for mode in SandboxMode.allCases {
            #expect(mode.turnPolicy["networkAccess"] == false)
        }
        #expect(SandboxMode.readOnly.turnPolicy["type"] == "readOnly")
        #expect(SandboxMode.workspaceWrite.turnPolicy["writableRoots"] == [])
    }
}
