@testable import Agent
import Session
import Testing

/// How codex is started: the gate, the sandbox and the environment are fixed when the process starts.
@Suite struct AgentLaunchTests {
    @Test func theGateIsOnAndTrusted() throws {
        let settings = try Self.settings(trust: [GateProof.verifierKey: "sha256:2", GateProof.hookKey: "sha256:1"])
        let command = TOML.string(Self.configuration().gate.hookCommand)
        #expect(
            settings["hooks.PreToolUse"]
                == #"[{matcher=".*",hooks=[{type="command",command="# + command + ",timeout=31536000},"
                + #"{type="mcp_tool",server="sre-verifier-7f",tool="verifier",input={session_id="${session_id}","#
                + #"turn_id="${turn_id}",tool_use_id="${tool_use_id}",tool_name="${tool_name}","#
                + #"tool_input="${tool_input}",cwd="${cwd}"},timeout=31536000}]}]"#)
        #expect(
            settings["hooks.state"]
                == #"{"/<session-flags>/config.toml:pre_tool_use:0:0"={enabled=true,trusted_hash="sha256:1"},"#
                + #""/<session-flags>/config.toml:pre_tool_use:0:1"={enabled=true,trusted_hash="sha256:2"}}"#)
        #expect(settings["features.hooks"] == "true")
        for feature in [
            "unified_exec_tty", "shell_snapshot", "shell_snapshot_v2", "deferred_executor", "login_shell_package_path",
            "plugins", "apps", "skill_mcp_dependency_install",
        ] {
            #expect(settings["features.\(feature)"] == "false")
        }
        #expect(settings["approvals_reviewer"] == #""user""#)
    }

    /// The root directory cannot be removed, and with the long timeout codex never gives the verifier up.
    @Test func theVerifierRunsInTheRootForAsLongAsItTakes() throws {
        #expect(
            try Self.settings()["mcp_servers"]
                == #"{"sre-verifier-7f"={command="/opt/sre \"agent\"",args=["verifier","/run/gate"],cwd="/",required=true,"#
                + "startup_timeout_sec=60,tool_timeout_sec=31536000}}")
    }

    @Test func beforeItsHashIsKnownNothingIsTrusted() throws {
        #expect(try Self.settings(trust: nil)["hooks.state"] == nil)
    }

    @Test func everyProfileDeniesWhatNobodyMayRead() throws {
        let settings = try Self.settings(unreadable: ["/s/token", "/w/.env \"x\""])
        let denied =
            #""/s/token"="deny","/w/.env \"x\""="deny""#
        #expect(settings["permissions.sre-read-only-7f"] == #"{extends=":read-only",filesystem={\#(denied)}}"#)
        #expect(settings["permissions.sre-workspace-write-7f"] == #"{extends=":workspace",filesystem={\#(denied)}}"#)
        #expect(
            settings["permissions.sre-full-access-7f"]
                == #"{filesystem={":root"="write","/.git"="write","/.agents"="write","/.codex"="write","/.aws"="write",\#(denied)},network={enabled=true}}"#
        )
        #expect(settings["default_permissions"] == #""sre-workspace-write-7f""#)
    }

    @Test func onlyFullAccessHasTheNetwork() throws {
        let withNetwork = try Self.settings().filter { $0.value.contains("network") }
        #expect(withNetwork.keys.sorted() == ["permissions.sre-full-access-7f"])
    }

    @Test func commandsGetTheCoreOfTheEnvironmentAndTheMark() throws {
        try Place.with { place in
            let run = try RunDirectory(below: place.path)
            let launch = Self.configuration().launch(listen: nil, run: run, trust: nil)
            #expect(
                Self.settings(of: launch)["shell_environment_policy"]
                    == #"{inherit="core",experimental_use_profile=false,set={SRE_AGENT_RUN="\#(run.path)",BASH_ENV="",ENV=""}}"#
            )
        }
    }

    @Test func theAgentsEnvironmentHasNoKeyThatItWasNotGiven() throws {
        try Place.with { place in
            let run = try RunDirectory(below: place.path)
            let launch = Self.configuration().launch(listen: nil, run: run, trust: nil)
            #expect(
                launch.environment
                    == [
                        "PATH": "/usr/bin:\(run.path)/none", "LANG": "C", "CODEX_HOME": "/home/ann/.codex",
                        "NO_PROXY": "127.0.0.1,localhost,::1", "no_proxy": "127.0.0.1,localhost,::1",
                        "SRE_AGENT_RUN": run.path, "CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED": "1",
                    ])
            #expect(launch.path == "/opt/codex" && launch.directory == "/w")
        }
    }

    @Test func aProvidersKeyIsInTheEnvironmentAndNeverAmongTheArguments() throws {
        try Place.with { place in
            var configuration = Self.configuration()
            configuration.provider = { .openAI(key: "sk-secret", baseURL: "https://api.example/v1") }
            let launch = configuration.launch(listen: nil, run: try RunDirectory(below: place.path), trust: nil)
            #expect(launch.environment["OPENAI_API_KEY"] == "sk-secret")
            #expect(!launch.arguments.contains { $0.contains("sk-secret") })
            let settings = Self.settings(of: launch)
            #expect(settings["model_provider"] == #""sre-openai""#)
            #expect(
                settings["model_providers.sre-openai"]
                    == #"{name="OpenAI",base_url="https://api.example/v1",env_key="OPENAI_API_KEY",wire_api="responses"}"#
            )
        }
    }

    @Test func itListensWhereItIsTold() throws {
        try Place.with { place in
            let run = try RunDirectory(below: place.path)
            let shared = Self.configuration().launch(listen: run.agentSocket, run: run, trust: nil)
            #expect(Array(shared.arguments.prefix(3)) == ["app-server", "--listen", "unix://\(run.path)/agent"])
            let isolated = Self.configuration().launch(listen: nil, run: run, trust: nil)
            #expect(Array(isolated.arguments.prefix(2)) == ["app-server", "-c"])
        }
    }

    @Test func theSandboxIsTriedUnderTheDefaultProfile() throws {
        try Place.with { place in
            let launch = Self.configuration().sandboxLaunch(["/bin/true"], run: try RunDirectory(below: place.path))
            #expect(launch.arguments.first == "sandbox")
            #expect(Array(launch.arguments.suffix(4)) == ["-P", "sre-workspace-write-7f", "--", "/bin/true"])
        }
    }

    private static func configuration(unreadable: [String] = ["/s"]) -> AgentConfiguration {
        AgentConfiguration(
            executable: "/opt/codex", codexHome: "/home/ann/.codex",
            environment: ["PATH": "/usr/bin", "LANG": "C", "OPENAI_API_KEY": "sk-other", "CODEX_HOME": "/elsewhere"],
            workspace: "/w", profiles: PermissionProfiles(suffix: "7f"), unreadable: unreadable, provider: { nil },
            gate: GateProgram(path: #"/opt/sre "agent""#, socket: "/run/gate", suffix: "7f"), user: nil, monitor: nil,
            refusal: nil, maximumMessageSize: 1_024)
    }

    private static func settings(trust: [String: String]? = nil, unreadable: [String] = ["/s"]) throws
        -> [String: String]
    {
        var settings: [String: String] = [:]
        try Place.with { place in
            let run = try RunDirectory(below: place.path)
            let configuration = configuration(unreadable: unreadable)
            settings = self.settings(of: configuration.launch(listen: nil, run: run, trust: trust))
        }
        return settings
    }

    /// The value of each `-c`, by key.
    private static func settings(of launch: Launch) -> [String: String] {
        var settings: [String: String] = [:]
        for (flag, setting) in zip(launch.arguments, launch.arguments.dropFirst()) where flag == "-c" {
            let parts = setting.split(separator: "=", maxSplits: 1)
            settings[String(parts[0])] = String(parts[1])
        }
        return settings
    }
}
