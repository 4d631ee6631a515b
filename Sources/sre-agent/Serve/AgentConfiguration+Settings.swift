import Agent
import Settings
import Glibc

extension AgentConfiguration {
    init(_ settings: Settings, executable: String, run: RunDirectory, provider: ModelProvider?) {
        self.init(
            executable: executable, codexHome: settings.codexHome, environment: ProcessEnvironment.all,
            workspace: settings.workspace,
            unreadable: [
                "\(ProcessEnvironment.workingDirectory)/.env", "\(settings.codexHome)/auth.json",
                settings.stateDirectory,
            ],
            provider: provider,
            gateCommand: GateHook.command(executable: CodexRuntime.ownExecutable, socket: run.gateSocket),
            maximumMessageSize: settings.maximumMessageSize)
    }
}
