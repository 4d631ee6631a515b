import ExecGate

/// What codex may start without a grant (docs/what-codex-starts.md).
extension AgentConfiguration {
    /// Runs the scripts of code mode. It stands beside codex.
    static func codeModeHost(of codex: String) -> String {
        let name = codex.split(separator: "/").last ?? ""
        return "\(codex.dropLast(name.count))codex-code-mode-host"
    }

    /// codex's own ripgrep, which looks through what was said in threads. `codex` has its links resolved.
    static func search(of codex: String) -> String {
        let directory = FileTree.parent(of: FileTree.parent(of: codex))
        return "\(directory == "/" ? "" : directory)/codex-path/rg"
    }

    /// The text that is looked for follows `--`, so it is no option; the variable that names a file with options is taken out
    /// of codex's environment.
    private func search(of codex: String) -> [ProgramList.Program] {
        let options = ["-l", "--fixed-strings", "--ignore-case", "--no-ignore", "--glob", "*.jsonl", "--", "TEXT"]
        let homes = Set([codexHome, FileTree.realPath(codexHome) ?? codexHome])
        return homes.sorted().flatMap { home in
            ["sessions", "archived_sessions"].map {
                .init(
                    name: "the search in threads", words: [Self.search(of: codex)] + options + ["\(home)/\($0)"],
                    freeWord: options.count, descendants: .none)
            }
        }
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
                .init(name: "the gate's verifier", words: [gate.path, "verifier", gate.socket], descendants: .none),
                .init(name: "the host of code mode", words: [Self.codeModeHost(of: codex)], descendants: .none),
            ] + search(of: codex)
                + configured.mcpServers.map {
                    .init(name: "MCP server \($0.name)", words: gate.proxyWords($0), descendants: .any)
                } + configured.programs(by: gate),
            keptOut: [
                // They run what a repository's own configuration names: filters, hooks, ssh commands.
                "git",
                // A look at the machine for a header, at each start.
                "lsb_release", "getconf",
                // Of PATH, where codex's own is not there, or called otherwise than above: whoever searches gets an error.
                "rg",
            ])
    }
}
