import JSON
import Policy
@testable import Session
import Testing

/// A person grants the requested permissions, or fewer.
@Suite struct PermissionGrantTests {
    private static let entry: JSONValue = [
        "access": "read", "path": ["type": "special", "value": ["kind": "project_roots", "subpath": "docs"]],
    ]

    private static let asked: JSONValue = [
        "network": ["enabled": true], "fileSystem": ["read": ["/a"], "write": ["/b"], "entries": [entry]],
    ]

    private func answer(_ permissions: JSONValue, scope: JSONValue = "turn", asked: JSONValue = asked) -> [String] {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(0, over: Fixture.ann, Approval.permissions, ["threadId": "t", "permissions": asked])
        return fixture.answer("q1", ["permissions": permissions, "scope": scope], by: Fixture.ann)
    }

    @Test(
        arguments: [
            asked, [:], nil, ["fileSystem": nil, "network": nil], ["fileSystem": [:]], ["fileSystem": ["read": ["/a"]]],
            ["fileSystem": ["read": ["/b"], "write": nil]], ["fileSystem": ["entries": [entry]]],
            ["fileSystem": ["entries": [["access": "write", "path": ["type": "path", "path": "/b"]]]]],
            ["fileSystem": ["entries": [["access": "deny", "path": ["type": "path", "path": "/b/key"]]]]],
        ] as [JSONValue])
    func allOfItOrLess(_ permissions: JSONValue) {
        #expect(answer(permissions).contains { $0.hasPrefix("result 0") }, "\(permissions)")
    }

    @Test(
        arguments: [
            ["write": ["/a"]], ["write": ["/"]], ["read": ["/a", "/b", "/c"]], ["read": ["/a/../c"]], ["read": "/c"],
            ["entries": [["access": "write", "path": ["type": "special", "value": ["kind": "root"]]]]],
            ["entries": [["access": "read", "path": ["type": "glob_pattern", "pattern": "/**"]]]],
            ["entries": [["write", ["type": "path", "path": "/"]]]], ["entries": [["access": ["write": nil]]]],
        ] as [JSONValue])
    func notMore(_ fileSystem: JSONValue) {
        let lines = answer(["fileSystem": fileSystem])
        #expect(RejectionTests.reasons(lines) == ["forbidden"], "\(fileSystem)")
        #expect(lines[0].contains("more than the agent asked for"))
    }

    /// Nothing was asked but to write to a directory.
    @Test(
        arguments: [
            ["network": ["enabled": true]], ["network": [:]], ["later": true], ["fileSystem": ["globScanMaxDepth": 1]],
            ["network": ["enabled": false, "hosts": ["a.ex"]]],
        ] as [JSONValue])
    func noOtherKindOfPermission(_ permissions: JSONValue) {
        let lines = answer(permissions, asked: ["fileSystem": ["write": ["/b"]]])
        #expect(RejectionTests.reasons(lines) == ["forbidden"], "\(permissions)")
        #expect(lines[0].contains("more than the agent asked for"))
    }

    /// codex would then ask a model in place of the person.
    @Test(arguments: [true, "true", ["true": nil]] as [JSONValue])
    func nobodyLeavesLaterAnswersToAModel(_ review: JSONValue) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(
            0, over: Fixture.ann, Approval.permissions, ["threadId": "t", "permissions": Self.asked])
        let result: JSONValue = ["permissions": [:], "scope": "turn", "strictAutoReview": review]
        let lines = fixture.answer("q1", result, by: Fixture.ann)
        #expect(RejectionTests.reasons(lines) == ["forbidden"] && lines[0].contains("strictAutoReview"))
    }

    @Test func onlyCheckedMembersReachTheAgent() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.agentAsks(
            0, over: Fixture.ann, Approval.permissions, ["threadId": "t", "permissions": Self.asked])
        let result: JSONValue = ["permissions": [:], "scope": "turn", "strictAutoReview": false, "later": 1]
        #expect(
            fixture.answer("q1", result, by: Fixture.ann).contains(
                #"result 0 over 1: {"permissions":{},"scope":"turn"}"#))
    }

    @Test func nothingWhereNothingWasAsked() {
        #expect(RejectionTests.reasons(answer(["fileSystem": ["read": ["/a"]]], asked: [:])) == ["forbidden"])
    }

    /// codex accepts these forms, but the server could not tell what they grant.
    @Test func otherFormsAreNoAnswer() {
        for permissions: JSONValue in [
            [["enabled": true], nil], ["fileSystem": [["/"], ["/"]]], ["network": [true]], "all",
        ] {
            #expect(RejectionTests.reasons(answer(permissions)) == ["malformed"], "\(permissions)")
        }
        for scope: JSONValue in [["session": nil], ["session"], 1, "Session"] {
            #expect(RejectionTests.reasons(answer([:], scope: scope)) == ["malformed"], "\(scope)")
        }
    }
}
