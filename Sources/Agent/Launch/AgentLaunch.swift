import JSON
import Session

extension AgentConfiguration {
    /// How codex is started. `-c` beats the user's own configuration and that of a project, and touches neither.
    /// `trust` is what codex calls the hashes of the gate's hooks, by their keys; nil for the run that asks for them.
    func launch(listen socket: String?, run: RunDirectory, trust: [String: String]?) -> Launch {
        var arguments = ["app-server"]
        if let socket { arguments += ["--listen", "unix://\(socket)"] }
        for setting in gateSettings(trust) + sandboxSettings + environmentSettings(run) {
            arguments += ["-c", setting]
        }
        arguments += provider?.arguments ?? []
        var environment = environment
        environment["OPENAI_API_KEY"] = nil
        environment.merge(provider?.environment ?? [:]) { $1 }
        // Not there, so nothing is found in it. Helpers of codex's get an environment of PATH alone, and are known
        // by this when they outlive it.
        environment["PATH"] = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") + ":\(run.path)/none"
        environment["CODEX_HOME"] = codexHome
        environment[RunDirectory.marker] = run.path
        return Launch(path: executable, arguments: arguments, environment: environment, directory: workspace)
    }

    private func gateSettings(_ trust: [String: String]?) -> [String] {
        let hook = "{type=\"command\",command=\(toml(gateCommand)),timeout=\(GateProof.timeoutSeconds)}"
        let members = GateWitness.members.map { "\($0)=\"${\($0)}\"" }.joined(separator: ",")
        let witnessHook =
            "{type=\"mcp_tool\",server=\(toml(witness.name)),tool=\(toml(GateProof.witnessTool)),input={\(members)},"
            + "timeout=\(GateProof.timeoutSeconds)}"
        // `required`: without its witness no thread begins. Its time is up to the server, as the hook's is.
        let witnessServer =
            "{command=\(toml(witness.executable)),args=[\"witness\",\(toml(witness.socket))],cwd=\"/\",required=true,"
            + "startup_timeout_sec=60,tool_timeout_sec=\(GateProof.timeoutSeconds)}"
        var settings = [
            "hooks.PreToolUse=[{matcher=\".*\",hooks=[\(hook),\(witnessHook)]}]", "features.hooks=true",
            "mcp_servers.\(witness.name)=\(witnessServer)",
        ]
        if let trust {
            // `enabled` is said although it is the default: the user's configuration could say otherwise.
            let states = trust.sorted { $0.key < $1.key }.map {
                "\(toml($0.key))={enabled=true,trusted_hash=\(toml($0.value))}"
            }
            settings.append("hooks.state={\(states.joined(separator: ","))}")
        }
        // Typing into a running terminal is asked nowhere, so there are none.
        settings.append("features.unified_exec_tty=false")
        // Otherwise the user's configuration could hand questions to a model.
        settings.append("approvals_reviewer=\"user\"")
        return settings
    }

    private var sandboxSettings: [String] {
        let denied = unreadable.map { "\(toml($0))=\"deny\"" }.joined(separator: ",")
        let readOnly = profiles[.readOnly]
        let workspaceWrite = profiles[.workspaceWrite]
        let fullAccess = profiles[.dangerFullAccess]
        let everything = ([":root"].map { "\(toml($0))=\"write\"" } + (denied.isEmpty ? [] : [denied]))
            .joined(separator: ",")
        return [
            "permissions.\(readOnly)={extends=\":read-only\",filesystem={\(denied)}}",
            "permissions.\(workspaceWrite)={extends=\":workspace\",filesystem={\(denied)}}",
            "permissions.\(fullAccess)={filesystem={\(everything)},network={enabled=true}}",
            "default_permissions=\(toml(workspaceWrite))",
        ]
    }

    /// codex hands its whole environment to commands by default, keys included. The mark finds commands again that
    /// outlive their agent.
    private func environmentSettings(_ run: RunDirectory) -> [String] {
        ["shell_environment_policy={inherit=\"core\",set={\(RunDirectory.marker)=\(toml(run.path))}}"]
    }

    /// Runs one command under the profile that threads get by default.
    func sandboxLaunch(_ command: [String], run: RunDirectory) -> Launch {
        let settings = sandboxSettings.flatMap { ["-c", $0] }
        var launch = launch(listen: nil, run: run, trust: nil)
        launch.arguments = ["sandbox"] + settings + ["-P", profiles[.workspaceWrite], "--"] + command
        return launch
    }

    /// A TOML basic string; JSON's escapes are a subset of its.
    private func toml(_ text: String) -> String { JSONValue.string(text).description }
}
