import JSON
import Session
import Testing

/// The gate is proved in codex's own list of hooks; each deviation gives a specific fault.
@Suite struct GateProofTests {
    static let proof = GateProof(command: "gate --x", verifier: "w-7f")
    static let hook: JSONValue = [
        "key": "/<session-flags>/config.toml:pre_tool_use:0:0", "eventName": "preToolUse", "handlerType": "command",
        "source": "sessionFlags", "command": "gate --x", "async": false, "matcher": ".*", "enabled": true,
        "timeoutSec": 31_536_000, "trustStatus": "trusted", "currentHash": "sha256:1", "later": nil,
    ]

    static let verifier: JSONValue = [
        "key": "/<session-flags>/config.toml:pre_tool_use:0:1", "eventName": "preToolUse", "handlerType": "mcpTool",
        "source": "sessionFlags", "server": "w-7f", "tool": "verifier", "matcher": ".*", "enabled": true,
        "timeoutSec": 31_536_000, "trustStatus": "trusted", "currentHash": "sha256:2",
    ]
    static let both: JSONValue = [hook, verifier]

    @Test func aTrustedHookIsInForce() {
        #expect(Self.fault([["cwd": "/w", "hooks": Self.both, "errors": [], "warnings": []]]) == nil)
        #expect(Self.fault([["hooks": [["key": "other", "enabled": false], Self.hook, Self.verifier]]]) == nil)
        #expect(Self.fault([["hooks": Self.both], ["hooks": Self.both]]) == nil)
    }

    @Test(
        arguments: [
            ("eventName", "postToolUse"), ("handlerType", "prompt"), ("source", "user"), ("source", "project"),
            ("command", "gate --y"), ("command", "true"), ("async", true), ("matcher", "Bash"), ("matcher", nil),
            ("enabled", false), ("enabled", "true"), ("enabled", nil), ("timeoutSec", 600), ("timeoutSec", 3_600),
            ("trustStatus", "untrusted"), ("trustStatus", "modified"), ("trustStatus", nil), ("async", nil),
        ] as [(String, JSONValue)])
    func oneWrongMemberIsAFault(_ member: String, _ value: JSONValue) {
        var hook = Self.hook
        hook[member] = value
        let fault = Self.fault([["hooks": [hook, Self.verifier]]])
        #expect(fault?.hasPrefix("the gate's hook has \(member) \(value) where ") == true)
    }

    @Test(
        arguments: [
            ("eventName", "postToolUse"), ("handlerType", "command"), ("source", "user"), ("server", "other"),
            ("tool", "other"), ("matcher", "Bash"), ("enabled", false), ("enabled", nil), ("timeoutSec", 60),
            ("trustStatus", "untrusted"), ("trustStatus", "modified"), ("trustStatus", nil),
        ] as [(String, JSONValue)])
    func theVerifierIsProvedToo(_ member: String, _ value: JSONValue) {
        var verifier = Self.verifier
        verifier[member] = value
        let fault = Self.fault([["hooks": [Self.hook, verifier]]])
        #expect(fault?.hasPrefix("the gate's verifier has \(member) \(value) where ") == true)
    }

    @Test func withoutItsVerifierTheGateIsNotInForce() {
        #expect(Self.fault([["hooks": [Self.hook]]]) == "the gate's verifier is missing")
        var unnamed = Self.hook
        unnamed["key"] = nil
        #expect(Self.fault([["hooks": [unnamed]]]) == nil, "what stands in for codex names no keys")
    }

    @Test(arguments: ["enabled", "trustStatus"])
    func whatSaysThatItIsOnMustBeSaid(_ member: String) {
        var hook = Self.hook
        hook[member] = nil
        #expect(Self.fault([["hooks": [hook, Self.verifier]]])?.contains(member) == true)
    }

    @Test(
        arguments: [
            [], [["hooks": []]], [[:]], [["hooks": nil]], [["hooks": [["key": "other"]]]], [nil],
            [["hooks": ["key": "/<session-flags>/config.toml:pre_tool_use:0:0"]]],
            [
                [
                    "hooks": [
                        [
                            "key": "/<session-flags>/config.toml:pre_tool_use:0:1", "enabled": true,
                            "trustStatus": "trusted",
                        ]
                    ]
                ]
            ],
            [["hooks": [["key": 7, "enabled": true, "trustStatus": "trusted"]]]],
        ] as [JSONValue])
    func noHookIsAFault(_ data: JSONValue) {
        #expect(Self.fault(data) != nil)
    }

    @Test func aListWithoutDataIsAFault() {
        for result in [[:], ["data": nil], ["data": [:]], nil, []] as [JSONValue] {
            #expect(Self.proof.fault(inHooksList: result) == "the agent lists no hooks")
        }
    }

    @Test func aBrokenConfigurationIsAFaultThatSaysWhy() {
        let entry: JSONValue = ["hooks": [Self.hook], "errors": [["path": "/w/.codex", "message": "no TOML"]]]
        #expect(Self.fault([entry]) == "codex cannot use its configuration: no TOML")
        let silent: JSONValue = ["hooks": [Self.hook], "errors": [["path": "/w"]]]
        #expect(Self.fault([silent])?.contains("/w") == true)
    }

    @Test func everyDirectoryThatWasAskedAboutCounts() {
        #expect(Self.fault([["hooks": Self.both], ["hooks": []]]) == "the gate's hook is missing")
    }

    private static func fault(_ data: JSONValue) -> String? { proof.fault(inHooksList: ["data": data]) }
}
