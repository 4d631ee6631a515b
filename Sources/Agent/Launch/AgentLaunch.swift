import ExecGate
import JSON
import Session

extension AgentConfiguration {
    /// How codex is started. `-c` beats the user's own configuration and that of a project, and touches neither.
    /// `trust` is what codex calls the hashes of the gate's hooks, by their keys; nil for the run that asks for them.
    /// Without the kernel's gate.
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
        var environment = environment
        environment["OPENAI_API_KEY"] = nil
        // The gate's own hook is started by a shell, codex's ripgrep takes options from a file, some of which start
        // programs, and codex would run commands elsewhere.
        for name in Self.shellStart + ["RIPGREP_CONFIG_PATH", "CODEX_EXEC_SERVER_URL"] { environment[name] = nil }
        // Somebody who has turned it on once would come in past this server.
        environment["CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED"] = "1"
        environment.merge(provider?.environment ?? [:]) { $1 }
        environment[HTTPToolProxy.variable] = toolProxy?.secret
        // Not there, so nothing is found in it. Helpers of codex's get an environment of PATH alone, and are known
        // by this when they outlive it.
        environment["PATH"] = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") + ":\(run.path)/none"
        environment["CODEX_HOME"] = codexHome
        environment[RunDirectory.marker] = run.path
        return Launch(
            path: executable, arguments: arguments, environment: environment, directory: workspace, user: user,
            gate: nil)
    }

    /// The same below the kernel's gate, where there is one. `chain` nil: another program that speaks codex's protocol. What
    /// it starts is its own business.
    func gatedLaunch(
        listen socket: String?, run: RunDirectory, trust: [String: String]?, configured: ConfiguredPrograms = .none,
        chain: AgentChain?
    ) -> Launch {
        var launch = launch(listen: socket, run: run, trust: trust, configured: configured)
        launch.gate = chain.flatMap { execGate($0, configured, isProbe: trust == nil) }
        return launch
    }

    /// The run that asks codex for its hashes and its configuration needs no other program.
    private func execGate(_ chain: AgentChain, _ configured: ConfiguredPrograms, isProbe: Bool) -> Launch.Gate? {
        guard let monitor else { return nil }
        let codex = FileTree.realPath(chain.codex) ?? chain.codex
        var programs = programs(of: codex, configured)
        programs.keepsOutTheRest = isProbe
        return Launch.Gate(
            monitor: monitor, serves: (chain, [Self.codeModeHost(of: codex), gate.path], programs))
    }

    /// A run that says which codex it is.
    func versionLaunch(run: RunDirectory) -> Launch {
        var launch = launch(listen: nil, run: run, trust: nil)
        launch.arguments = ["--version"]
        launch.gate = monitor.map { .init(monitor: $0, serves: nil) }
        return launch
    }

    private func gateSettings(_ trust: [String: String]?, _ configured: ConfiguredPrograms) -> [String] {
        var settings = gate.settings(configured)
        if let trust {
            // `enabled` is said although it is the default: the user's configuration could say otherwise.
            // One table: a second for the same key would take its place.
            let states =
                trust.sorted { $0.key < $1.key }.map {
                    "\(TOML.string($0.key))={enabled=true,trusted_hash=\(TOML.string($0.value))}"
                } + configured.foreignHooks.map { "\(TOML.string($0))={enabled=false}" }
            settings.append("hooks.state={\(states.joined(separator: ","))}")
        }
        settings += PinnedFeatures.settings
        // Otherwise the user's configuration could hand questions to a model.
        settings.append("approvals_reviewer=\"user\"")
        return settings
    }

    private var sandboxSettings: [String] {
        // The home is closed as a whole: a mask on a file goes with the file when another takes its name. Below a denied
        // directory codex's sandbox opens what may be written, and nothing that may only be read.
        let home = FileTree.target(of: codexHome)
        let denied = unreadable.map { "\(TOML.string($0))=\"deny\"" }.joined(separator: ",")
        let readOnly = profiles[.readOnly]
        let workspaceWrite = profiles[.workspaceWrite]
        let fullAccess = profiles[.dangerFullAccess]
        // codex guards these in every directory that may be written, and makes them for that, which needs root in `/`.
        // A directory above something of the server's is mounted by itself, so that it cannot be renamed.
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

    /// Variables that make a shell run a file before its script.
    private static let shellStart = ["BASH_ENV", "ENV"]

    /// codex hands its whole environment to commands by default, keys included. The mark finds commands again that
    /// outlive their agent.
    private func environmentSettings(_ run: RunDirectory) -> [String] {
        let shells = Self.shellStart.map { "\($0)=\"\"" }.joined(separator: ",")
        let set = "\(RunDirectory.marker)=\(TOML.string(run.path)),\(shells)"
        return ["shell_environment_policy={inherit=\"core\",experimental_use_profile=false,set={\(set)}}"]
    }

    /// Runs one command under the profile that threads get by default, with the configuration that agents start with.
    func sandboxLaunch(_ command: [String], run: RunDirectory) -> Launch {
        var launch = launch(listen: nil, run: run, trust: nil)
        launch.arguments =
            ["sandbox"] + launch.arguments.dropFirst() + ["-P", profiles[.workspaceWrite], "--"] + command
        return launch
    }
}
