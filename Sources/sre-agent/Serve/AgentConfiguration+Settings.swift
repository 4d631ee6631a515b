import Agent
import Settings
import Glibc
import Relay
import Session

extension AgentConfiguration {
    init(
        _ settings: Settings, executable: String, gateProgram: String, run: RunDirectory, provider: ModelProvider?,
        kernelGate: KernelGate, account: AgentAccount
    ) {
        self.init(
            executable: executable, codexHome: settings.codexHome,
            environment: account.environment(ProcessEnvironment.all, home: settings.codexHome),
            workspace: settings.workspace, profiles: PermissionProfiles(suffix: Hub.makeID()),
            unreadable: Self.unreadable(settings, run, account.user),
            provider: provider,
            gate: GateProgram(path: gateProgram, socket: run.gateSocket, suffix: Hub.makeID()),
            user: account.user, monitor: kernelGate.monitor, refusal: kernelGate.refusal,
            maximumMessageSize: settings.maximumMessageSize)
    }

    /// What no command of the agent's may read.
    static func unreadable(_ settings: Settings, _ run: RunDirectory, _ user: AgentUser?) -> [String] {
        let all =
            [
                "\(ProcessEnvironment.workingDirectory)/.env", "\(settings.codexHome)/auth.json",
                settings.stateDirectory, codexSocketDirectory(user),
            ] + keys(of: settings)
        return run.path.hasPrefix(settings.stateDirectory + "/") ? all : all + [run.path]
    }

    /// Keys, and the rules that no command may change, outside the directory that is denied as a whole: the sandbox
    /// cannot deny a file below a denied directory.
    private static func keys(of settings: Settings) -> [String] {
        [settings.auditKey, settings.tls?.key, settings.rulesFile].compactMap(\.self).filter {
            !$0.hasPrefix(settings.stateDirectory + "/")
        }
    }

    /// Where codex really puts the socket that it is told to listen on, behind a symbolic link. The temporary
    /// directory is writable for commands.
    static func codexSocketDirectory(_ user: AgentUser?) -> String {
        "\(ProcessEnvironment.all["TMPDIR"] ?? "/tmp")/codex-daemon-\(user?.uid ?? getuid())"
    }
}
