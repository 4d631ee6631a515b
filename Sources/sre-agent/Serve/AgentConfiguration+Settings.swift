import Agent
import Settings
import Glibc
import Relay
import Session

extension AgentConfiguration {
    init(_ settings: Settings, executable: String, run: RunDirectory, provider: ModelProvider?) {
        self.init(
            executable: executable, codexHome: settings.codexHome, environment: ProcessEnvironment.all,
            workspace: settings.workspace, profiles: PermissionProfiles(suffix: Hub.makeID()),
            unreadable: [
                "\(ProcessEnvironment.workingDirectory)/.env", "\(settings.codexHome)/auth.json",
                settings.stateDirectory, Self.codexSocketDirectory, settings.auditKey,
            ] + [settings.tls?.key].compactMap(\.self),
            provider: provider,
            gateCommand: GateHook.command(executable: CodexRuntime.ownExecutable, socket: run.gateSocket),
            maximumMessageSize: settings.maximumMessageSize)
    }

    /// Where codex really puts the socket that it is told to listen on, behind a symbolic link. The temporary
    /// directory is writable for commands.
    private static var codexSocketDirectory: String {
        "\(ProcessEnvironment.all["TMPDIR"] ?? "/tmp")/codex-daemon-\(getuid())"
    }
}
