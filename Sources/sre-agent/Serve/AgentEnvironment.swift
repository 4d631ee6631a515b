import Agent
import Relay
import Session
import Settings

/// What the agent runs with, known before anything is started: its programs and user, its variables, and the paths that
/// are closed to its commands.
struct AgentEnvironment {
    let programs: AgentPrograms
    let run: RunDirectory
    /// codex's environment variables.
    let variables: [String: String]
    let profiles = PermissionProfiles(suffix: Hub.makeID())
    /// The paths that no command may read.
    let unreadable: [String]
    let protectedPaths: [ProtectedPath]

    /// Throws if a command could change one of the server's own files. Forks if the agent has its own user, so call it
    /// before any process is started.
    init(_ settings: Settings, _ programs: AgentPrograms, _ run: RunDirectory) throws(SettingsError) {
        self.programs = programs
        self.run = run
        variables = programs.account.environment(
            ProcessEnvironment.all.filter { $0.key != ServiceManager.variable }, home: settings.codexHome)
        unreadable = AgentConfiguration.unreadable(settings, run, programs)
        protectedPaths = ProtectedPaths.find(settings, programs, run)
        let workspace = Directories.resolve(settings.workspace) ?? settings.workspace
        if let fault = ProtectedPaths.fault(protectedPaths, workspace: workspace) { throw fault }
    }
}
