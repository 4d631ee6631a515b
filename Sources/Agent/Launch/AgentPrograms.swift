import ExecGate

/// What codex may start without a grant (docs/what-codex-starts.md).
extension AgentConfiguration {
    /// Runs the scripts of code mode. It stands beside codex.
    static func codeModeHost(of codex: String) -> String {
        let name = codex.split(separator: "/").last ?? ""
        return "\(codex.dropLast(name.count))codex-code-mode-host"
    }

    private func hook(shell: String) -> ProgramList.Program {
        .init(
            name: "the gate's hook", words: [shell, "-c", gate.hookCommand],
            descendants: .only([[gate.path, "hook", gate.socket]]))
    }

    func programs(of codex: String, _ configured: ConfiguredPrograms) -> ProgramList {
        ProgramList(
            programs: [
                hook(shell: "/bin/bash"), hook(shell: "/usr/bin/bash"),
                .init(name: "the gate's verifier", words: [gate.path, "witness", gate.socket], descendants: .none),
                .init(name: "the host of code mode", words: [Self.codeModeHost(of: codex)], descendants: .none),
            ]
                + configured.mcpServers.map {
                    .init(name: "MCP server \($0.name)", words: gate.proxyWords($0), descendants: .any)
                } + configured.programs(by: gate),
            keptOut: [
                // They run what a repository's own configuration names: filters, hooks, ssh commands.
                "git",
                // A look at the machine for a header, at each start.
                "lsb_release", "getconf",
            ])
    }
}
