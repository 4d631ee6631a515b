import Agent
import Settings
import Glibc
import Relay
import Session

extension AgentConfiguration {
    init(
        _ settings: Settings, executable: String, run: RunDirectory, provider: ModelProvider?, kernelGate: KernelGate
    ) {
        self.init(
            executable: executable, codexHome: settings.codexHome, environment: ProcessEnvironment.all,
            workspace: settings.workspace, profiles: PermissionProfiles(suffix: Hub.makeID()),
            unreadable: Self.unreadable(settings),
            provider: provider,
            gate: GateProgram(path: OwnProgram.gate, socket: run.gateSocket, suffix: Hub.makeID()),
            user: nil, monitor: kernelGate.monitor, refusal: kernelGate.refusal,
            maximumMessageSize: settings.maximumMessageSize)
    }

    /// What no command of the agent's may read.
    static func unreadable(_ settings: Settings) -> [String] {
        [
            "\(ProcessEnvironment.workingDirectory)/.env", "\(settings.codexHome)/auth.json",
            settings.stateDirectory, codexSocketDirectory,
        ] + keys(of: settings)
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
    private static var codexSocketDirectory: String {
        "\(ProcessEnvironment.all["TMPDIR"] ?? "/tmp")/codex-daemon-\(getuid())"
    }
}
