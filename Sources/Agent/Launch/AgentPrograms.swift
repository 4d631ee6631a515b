import ExecGrants

/// The programs that codex may start without a grant (docs/what-codex-starts.md).
extension AgentConfiguration {
    /// The host that runs code mode's scripts. It is in the same directory as codex.
    static func codeModeHost(of codex: String) -> String {
        let name = codex.split(separator: "/").last ?? ""
        return "\(codex.dropLast(name.count))codex-code-mode-host"
    }

    /// codex's own ripgrep, with which codex searches threads. `codex` must have its links resolved.
    static func search(of codex: String) -> String {
        let directory = FileTree.parent(of: FileTree.parent(of: codex))
        return "\(directory == "/" ? "" : directory)/codex-path/rg"
    }

    /// The search text follows `--`, so it cannot be an option. The variable that names an options file is removed from
    /// codex's environment.
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
                // git runs programs named in a repository's own configuration: filters, hooks, ssh commands.
                "git",
                // codex runs these at each start to describe the machine in a header.
                "lsb_release", "getconf",
                // Found in PATH if codex's own ripgrep is missing, or called with other arguments than above: the
                // search then fails.
                "rg",
            ])
    }
}
