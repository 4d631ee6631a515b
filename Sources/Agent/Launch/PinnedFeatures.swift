import JSON

/// Features of codex that would get around the gate, or start programs outside the sandbox. The command line turns them
/// off; a configuration that an organisation manages beats it, which codex's list of features shows.
enum PinnedFeatures {
    private static let off = [
        // Typing into a running terminal is asked nowhere.
        "unified_exec_tty",
        // Login shells outside the sandbox, which read what commands may have written.
        "shell_snapshot", "shell_snapshot_v2", "deferred_executor", "login_shell_package_path",
        // What cannot be stood in front of: MCP servers of plugins and of ChatGPT's apps, and those that skills install.
        "plugins", "apps", "skill_mcp_dependency_install",
    ]
    private static let on = ["hooks"]

    /// For `-c`.
    static var settings: [String] { off.map { "features.\($0)=false" } + on.map { "features.\($0)=true" } }

    /// `result` answers `experimentalFeature/list`. A sentence; nil when all are as they must be.
    static func fault(inFeatures result: JSONValue) -> String? {
        for feature in result["data"]?.arrayValue ?? [] {
            guard let name = feature["name"]?.stringValue, let isOn = feature["enabled"]?.boolValue else { continue }
            guard isOn ? off.contains(name) : on.contains(name) else { continue }
            return "features.\(name) is \(isOn ? "on" : "off"), although this server's command line says "
                + "\(isOn ? "off" : "on"): \(ManagedConfiguration.remedy)"
        }
        return nil
    }
}

/// What an organisation manages for codex: `/etc/codex/managed_config.toml`, `requirements.toml` and their like. It beats
/// the command line.
enum ManagedConfiguration {
    static let remedy =
        "codex's managed configuration (managed_config.toml or requirements.toml in /etc/codex) beats it. Take it out there."
    /// Keys that answer, allow, widen or start something, by their beginning.
    private static let keys = [
        "approval_policy", "approvals_reviewer", "default_permissions", "hooks", "mcp_servers", "model_providers",
        "notify",
        "permissions", "projects", "sandbox_mode", "sandbox_workspace_write", "shell_environment_policy",
    ]
    /// Whose layers the command line beats.
    private static let beaten: Set<String> = ["sessionFlags", "user", "project", "system"]

    /// `result` answers `config/read`. A sentence that names the key and the file; nil when none is set there.
    static func fault(inConfig result: JSONValue) -> String? {
        for (key, origin) in result["origins"]?.objectValue?.members ?? [] {
            let name = origin["name"]
            guard let type = name?["type"]?.stringValue, !beaten.contains(type),
                keys.contains(where: { key == $0 || key.hasPrefix("\($0).") })
            else { continue }
            return "codex's managed configuration sets \(key)\(name?["file"]?.stringValue.map { " in \($0)" } ?? ""), "
                + "which beats this server's command line. Take it out there."
        }
        return nil
    }
}
