import JSON

/// Features of codex that would bypass the gate or start programs outside the sandbox. The command line turns them off,
/// but an organisation's managed configuration overrides it; codex's feature list shows whether it does.
enum PinnedFeatures {
    private static let off = [
        // Input to a running terminal causes no approval.
        "unified_exec_tty",
        // Login shells outside the sandbox, which read files that commands may have written.
        "shell_snapshot", "shell_snapshot_v2", "deferred_executor", "login_shell_package_path",
        // MCP servers that no proxy can be put in front of: those of plugins and ChatGPT's apps, and those that skills
        // install.
        "plugins", "apps", "skill_mcp_dependency_install",
        // A sandbox that does not keep commands from the server's own files.
        "use_legacy_landlock",
    ]
    private static let on = ["hooks"]

    /// The settings for `-c`.
    static var settings: [String] { off.map { "features.\($0)=false" } + on.map { "features.\($0)=true" } }

    /// `result` is the response to `experimentalFeature/list`. A sentence; nil if all features are as required.
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

/// An organisation's managed codex configuration: `/etc/codex/managed_config.toml`, `requirements.toml` and similar
/// files. It overrides the command line.
enum ManagedConfiguration {
    static let remedy =
        "codex's managed configuration (managed_config.toml or requirements.toml in /etc/codex) beats it. Take it out there."
    /// Prefixes of keys that answer, allow, widen or start something.
    private static let keys = [
        "approval_policy", "approvals_reviewer", "default_permissions", "hooks", "mcp_servers", "model_providers",
        "notify",
        "permissions", "projects", "sandbox_mode", "sandbox_workspace_write", "shell_environment_policy",
    ]
    /// The configuration layers that the command line overrides.
    private static let beaten: Set<String> = ["sessionFlags", "user", "project", "system"]

    /// `result` is the response to `config/read`. A sentence that names the key and the file; nil if no key is managed.
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

    /// `result` is the response to `configRequirements/read`. A sentence that names the key; nil if commands get no
    /// network from it.
    static func fault(inRequirements result: JSONValue) -> String? {
        guard let network = result["requirements"]?["network"], !network.isNull, network["enabled"] != false else {
            return nil
        }
        return "codex's managed requirements (requirements.toml in /etc/codex) set experimental_network, which gives "
            + "sandboxed commands a network proxy that this server does not control. Take it out there."
    }
}
