import Agent
import Settings
import Glibc
import Relay
import Session

extension AgentConfiguration {
    init(
        _ settings: Settings, _ programs: AgentPrograms, run: RunDirectory,
        provider: @escaping @Sendable () -> ModelProvider?,
        kernelGate: KernelGate
    ) {
        let account = programs.account
        self.init(
            executable: programs.codex, codexHome: settings.codexHome,
            environment: account.environment(ProcessEnvironment.all, home: settings.codexHome),
            workspace: settings.workspace, profiles: PermissionProfiles(suffix: Hub.makeID()),
            unreadable: Self.unreadable(settings, run, programs),
            provider: provider,
            gate: GateProgram(path: programs.gate, socket: run.gateSocket, suffix: Hub.makeID()),
            user: account.user, monitor: kernelGate.monitor, refusal: kernelGate.refusal,
            maximumMessageSize: settings.maximumMessageSize)
        mayBeNoCodex = ProcessEnvironment.all[Self.noCodexVariable] == "1"
    }

    /// For tests and measurements: `CODEX_BIN` may be a program that only speaks codex's protocol. No setting: it stands in
    /// no file and has no flag.
    static let noCodexVariable = "AGENT_IS_NOT_CODEX"

    /// What no command of the agent's may read.
    static func unreadable(_ settings: Settings, _ run: RunDirectory, _ programs: AgentPrograms) -> [String] {
        let directories = [settings.codexHome, settings.stateDirectory, codexSocketDirectory(programs.account.user)]
        let files = ["\(ProcessEnvironment.workingDirectory)/.env"] + keys(of: settings)
        // The sandbox cannot close a link; what it leads to is closed under every name.
        let all =
            (directories + files.map { closed(FileTree.target(of: $0), settings, programs) } + [run.path])
            .map(FileTree.target)
        // The sandbox cannot deny what lies below a denied directory.
        return all.indices.filter { index in
            // Of two that are the same the first stays.
            !all.indices.contains {
                FileTree.contains(all[$0], all[index]) && ($0 < index || all[$0] != all[index])
            }
        }.map { all[$0] }
    }

    /// Keys, and the rules that no command may change.
    private static func keys(of settings: Settings) -> [String] {
        [settings.auditKey, settings.tls?.key, settings.rulesFile].compactMap(\.self)
    }

    /// The directory of a file, where commands need nothing else in it: a mask on the file alone goes with the file when
    /// another takes its name, as editors and renewals do.
    private static func closed(_ file: String, _ settings: Settings, _ programs: AgentPrograms) -> String {
        let parent = FileTree.parent(of: file)
        let environment = ProcessEnvironment.all
        let needed =
            [
                settings.workspace, settings.codexHome, programs.codex, programs.gate, environment["HOME"] ?? "/root",
                "/etc",
                "/usr", "/tmp", "/var/lib", "/var/tmp", "/var/log", "/var/run", "/run", "/home", "/opt", "/srv", "/dev",
                "/proc",
            ] + [FileTree.realPath(settings.workspace), FileTree.realPath(programs.codex)].compactMap(\.self)
        guard parent != "/", FileTree.realPath(parent) == parent,
            !needed.contains(where: { FileTree.contains(parent, $0) })
        else { return file }
        return parent
    }

    /// The `.env` that is there, where only the file itself is closed. Nil when its directory is.
    static func envClosedAsFile(_ settings: Settings, _ programs: AgentPrograms) -> String? {
        let file = FileTree.target(of: "\(ProcessEnvironment.workingDirectory)/.env")
        return access(file, F_OK) == 0 && closed(file, settings, programs) == file ? file : nil
    }

    /// Where codex really puts the socket that it is told to listen on, behind a symbolic link. The temporary
    /// directory is writable for commands.
    static func codexSocketDirectory(_ user: AgentUser?) -> String {
        "\(ProcessEnvironment.all["TMPDIR"] ?? "/tmp")/codex-daemon-\(user?.uid ?? getuid())"
    }
}
