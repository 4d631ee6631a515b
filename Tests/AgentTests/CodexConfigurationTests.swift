@testable import Agent
import ExecGrants
import JSON
import Testing

/// Keys of codex's configuration that answer approvals, widen sandboxes or start programs
/// (docs/codex-configuration.md).
@Suite struct CodexConfigurationTests {
    @Test(
        arguments: [
            ("unified_exec_tty", true, "features.unified_exec_tty is on"), ("hooks", false, "features.hooks is off"),
            ("plugins", true, "features.plugins is on"), ("unified_exec_tty", false, nil), ("hooks", true, nil),
            ("some_other", true, nil),
        ] as [(String, Bool, String?)])
    func aFeatureThatIsNotAsItMustBeIsNamed(_ name: String, _ isOn: Bool, _ fault: String?) {
        let result: JSONValue = ["data": [["name": .string(name), "enabled": .bool(isOn)]]]
        let found = PinnedFeatures.fault(inFeatures: result)
        #expect(fault.map { found?.hasPrefix($0) == true } ?? (found == nil))
    }

    @Test(arguments: [
        ("shell_environment_policy.inherit", "legacyManagedConfigTomlFromFile", true),
        ("mcp_servers.a.command", "legacyManagedConfigTomlFromFile", true), ("hooks.PreToolUse.0", "mdm", true),
        ("model", "legacyManagedConfigTomlFromFile", false), ("mcp_servers.a.command", "user", false),
        ("approval_policy", "project", false), ("notify", "system", false), ("hooks.PreToolUse", "sessionFlags", false),
        ("permissionsx", "mdm", false),
    ])
    func aManagedKeyIsNamedWithItsFile(_ key: String, _ type: String, _ isFault: Bool) {
        let origin: JSONValue = ["name": ["type": .string(type), "file": "/etc/codex/managed_config.toml"]]
        let fault = ManagedConfiguration.fault(inConfig: ["origins": [key: origin]])
        #expect((fault != nil) == isFault)
        if let fault { #expect(fault.contains(key) && fault.contains("/etc/codex/managed_config.toml")) }
    }

    private static let signIns: JSONValue = [
        "config": [
            "model_providers": [
                "b": [
                    "aws": [
                        "credential_export": ["command": "/opt/export", "args": ["a"]],
                        "auth_refresh": ["command": "aws"],
                    ]
                ],
                "c": ["auth": ["command": "token", "cwd": "/filled-in"]],
                "d": ["auth": ["command": "token", "cwd": "/srv"]],
            ],
            "notify": ["tell", "x"],
            "mcp_servers": [
                "h": ["url": "http://h/", "http_headers_helper": "print-headers"],
                "s": ["command": "npx", "args": ["y"]], "t": ["command": "npx", "cwd": "/srv"],
            ],
        ],
        "origins": ["model_providers.d.auth.cwd": ["name": ["type": "user"]]],
    ]

    @Test func programsOfTheConfigurationAreListed() {
        let configured = ConfiguredPrograms(configRead: Self.signIns, without: "w")
        #expect(
            configured.descriptions == [
                "MCP server s: npx y", "MCP server t: npx", "MCP server h, over HTTP",
                "the provider's sign-in: /opt/export a", "the provider's sign-in: aws", "the provider's sign-in: token",
                "the provider's sign-in: token", "notify: tell x", "an MCP server's headers: sh -c print-headers",
            ])
    }

    /// In the root directory, the programs cannot load files of a thread's directory.
    @Test func theyStartInTheRoot() {
        let gate = GateProgram(path: "/g", socket: "/s", suffix: "7f")
        let configured = ConfiguredPrograms(configRead: Self.signIns, without: "w")
        let settings = gate.settings(configured)
        #expect(settings.contains(#"notify=["/g","root","--","tell","x"]"#))
        #expect(
            settings.contains(
                #"model_providers={"b"={aws={credential_export={command="/g",args=["root","--","/opt/export","a"]}}},"#
                    + #""c"={auth={command="/g",args=["root","--","token"]}}}"#))
        let servers = settings.first { $0.hasPrefix("mcp_servers=") } ?? ""
        #expect(servers.contains(#""--","npx","y"],cwd="/",default_tools_approval_mode="approve"}"#))
        #expect(servers.contains(#""--","npx"],default_tools_approval_mode="approve"}"#))
        #expect(servers.contains(#"http_headers_helper="cd / && {\nprint-headers\n}""#))
        #expect(
            configured.programs(by: gate).map(\.words) == [
                ["/g", "root", "--", "/opt/export", "a"], ["aws"], ["/g", "root", "--", "token"], ["token"],
                ["/g", "root", "--", "tell", "x"], ["sh", "-c", "cd / && {\nprint-headers\n}"],
            ])
    }

    @Test func onlyTheGatesHooksRun() {
        func hook(_ key: String, _ event: String, _ trust: String = "trusted") -> JSONValue {
            ["key": .string(key), "eventName": .string(event), "enabled": true, "trustStatus": .string(trust)]
        }
        var configured = ConfiguredPrograms.none
        configured.take(hooksList: [
            "data": [
                [
                    "hooks": [
                        hook("/<session-flags>/config.toml:pre_tool_use:0:0", "preToolUse"),
                        hook("a:permission_request:0:0", "permissionRequest"),
                        hook("a:session_start:0:0", "sessionStart", "managed"), hook("a:stop:0:0", "stop", "untrusted"),
                    ]
                ]
            ]
        ])
        #expect(configured.foreignHooks == ["a:permission_request:0:0", "a:session_start:0:0"])
    }
}
