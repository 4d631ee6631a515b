import ExecGrants
import JSON
import Session

extension AgentConfiguration {
    /// How codex is started, without the kernel's gate. `-c` overrides the user's and a project's configuration and
    /// changes neither. `trust` maps the keys of the gate's hooks to codex's hashes of them; nil for the run that asks
    /// for the hashes.
    func launch(
        listen socket: String?, run: RunDirectory, trust: [String: String]?, configured: ConfiguredPrograms = .none
    ) -> Launch {
        var arguments = ["app-server"]
        if let socket { arguments += ["--listen", "unix://\(socket)"] }
        for setting in gateSettings(trust, configured) + sandboxSettings + environmentSettings(run) {
            arguments += ["-c", setting]
        }
        let provider = provider()
        arguments += provider?.arguments ?? []
        // A shell starts the gate's hook, in the thread's directory.
        var environment = ForeignCode.removed(from: environment)
        environment["OPENAI_API_KEY"] = nil
        for name in Self.foreignVariables { environment[name] = nil }
        // If a user has ever turned remote control on, clients could connect without passing this server.
        environment["CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED"] = "1"
        environment.merge(provider?.environment ?? [:]) { $1 }
        environment[HTTPToolProxy.variable] = toolProxy?.secret
        // codex reaches the proxies of MCP servers on loopback, never through another proxy.
        for name in ["NO_PROXY", "no_proxy"] {
            environment[name] = ([environment[name]].compactMap(\.self) + ["127.0.0.1", "localhost", "::1"])
                .joined(separator: ",")
        }
        // This directory does not exist, so nothing is found in it. codex gives its helpers an environment of PATH
        // alone, so this entry identifies helpers that outlive codex.
        environment["PATH"] = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") + ":\(run.path)/none"
        environment["CODEX_HOME"] = codexHome
        environment[RunDirectory.marker] = run.path
        return Launch(
            path: executable, arguments: arguments, environment: environment, directory: workspace, user: user,
            gate: nil)
    }

    /// The same with the kernel's gate, if there is one. `chain` is nil for another program that speaks codex's
    /// protocol; that program may start anything.
    func gatedLaunch(
        listen socket: String?, run: RunDirectory, trust: [String: String]?, configured: ConfiguredPrograms = .none,
        chain: AgentChain?
    ) -> Launch {
        var launch = launch(listen: socket, run: run, trust: trust, configured: configured)
        launch.gate = chain.flatMap { execGate($0, configured, isProbe: trust == nil) }
        return launch
    }

    /// The probe run, which asks codex for its hashes and its configuration, needs no other program.
    private func execGate(_ chain: AgentChain, _ configured: ConfiguredPrograms, isProbe: Bool) -> Launch.Gate? {
        guard let monitor else { return nil }
        let codex = FileTree.realPath(chain.codex) ?? chain.codex
        var programs = programs(of: codex, configured)
        programs.keepsOutTheRest = isProbe
        return Launch.Gate(
            monitor: monitor, serves: (chain, [Self.codeModeHost(of: codex), gate.path], programs))
    }

    /// How the version run is started.
    func versionLaunch(run: RunDirectory) -> Launch {
        var launch = launch(listen: nil, run: run, trust: nil)
        launch.arguments = ["--version"]
        launch.gate = monitor.map { .init(monitor: $0, serves: nil) }
        return launch
    }

    private func gateSettings(_ trust: [String: String]?, _ configured: ConfiguredPrograms) -> [String] {
        var settings = gate.settings(configured)
        if let trust {
            // Set `enabled` although it is the default, since the user's configuration could disable it. Use one table:
            // a second one for the same key would replace it.
            let states =
                trust.sorted { $0.key < $1.key }.map {
                    "\(TOML.string($0.key))={enabled=true,trusted_hash=\(TOML.string($0.value))}"
                } + configured.foreignHooks.map { "\(TOML.string($0))={enabled=false}" }
            settings.append("hooks.state={\(states.joined(separator: ","))}")
        }
        settings += PinnedFeatures.settings
        // Otherwise the user's configuration could let a model answer approvals.
        settings.append("approvals_reviewer=\"user\"")
        // Commands cannot read CODEX_HOME. Elsewhere they could read other threads.
        settings += ["sqlite_home=\(TOML.string(codexHome))", "log_dir=\(TOML.string("\(codexHome)/log"))"]
        return settings
    }

    private var sandboxSettings: [String] {
        // Deny the whole home: a mask on a file is lost when another file takes its name. Below a denied directory
        // codex's sandbox opens writable paths but no read-only ones.
        let home = FileTree.target(of: codexHome)
        let denied = unreadable.map { "\(TOML.string($0))=\"deny\"" }.joined(separator: ",")
        let readOnly = profiles[.readOnly]
        let workspaceWrite = profiles[.workspaceWrite]
        let fullAccess = profiles[.dangerFullAccess]
        // codex protects these names in every writable directory and creates them for that, which requires root in `/`.
        // Directories above a protected path are mounted separately, so that they cannot be renamed.
        let pinned = ["/"] + Set(protectedPaths.flatMap(\.writable)).subtracting(["/"]).sorted()
        let everywhere =
            [":root"]
            + pinned.flatMap { directory in
                let base = directory == "/" ? "" : directory
                return (base.isEmpty ? [] : [base]) + [".git", ".agents", ".codex", ".aws"].map { "\(base)/\($0)" }
            }.filter { path in !(unreadable + [home]).contains { FileTree.contains($0, path) } }
        let everything = (everywhere.map { "\(TOML.string($0))=\"write\"" } + [denied]).joined(separator: ",")
        return [
            "permissions.\(readOnly)={extends=\":read-only\",filesystem={\(denied)}}",
            "permissions.\(workspaceWrite)={extends=\":workspace\",filesystem={\(denied)}}",
            "permissions.\(fullAccess)={filesystem={\(everything)},network={enabled=true}}",
            "default_permissions=\(TOML.string(workspaceWrite))",
        ]
    }

    /// codex's ripgrep reads options from a file, and some of them start programs. CODEX_EXEC_SERVER_URL would make codex
    /// run commands elsewhere. By the others codex would write threads to places that commands can read.
    private static let foreignVariables = [
        "RIPGREP_CONFIG_PATH", "CODEX_EXEC_SERVER_URL", "CODEX_SQLITE_HOME", "CODEX_ROLLOUT_TRACE_ROOT",
    ]

    /// Variables that make a shell run a file before its script.
    private static let shellStart = ["BASH_ENV", "ENV"]

    /// By default codex passes its whole environment to commands, including keys. The marker identifies commands that
    /// outlive their agent.
    private func environmentSettings(_ run: RunDirectory) -> [String] {
        let shells = Self.shellStart.map { "\($0)=\"\"" }.joined(separator: ",")
        let set = "\(RunDirectory.marker)=\(TOML.string(run.path)),\(shells)"
        return ["shell_environment_policy={inherit=\"core\",experimental_use_profile=false,set={\(set)}}"]
    }

    /// Runs one command under the threads' default profile, with the configuration that agents are started with.
    func sandboxLaunch(_ command: [String], run: RunDirectory) -> Launch {
        var launch = launch(listen: nil, run: run, trust: nil)
        launch.arguments =
            ["sandbox"] + launch.arguments.dropFirst() + ["-P", profiles[.workspaceWrite], "--"] + command
        return launch
    }
}
