import ArgumentParser
import Agent
import Glibc
import Logging
import Settings

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Signs in to codex: hands over to `codex login` of the runtime in use.")

    @OptionGroup var shared: SettingsOptions

    @Argument(parsing: .captureForPassthrough, help: "Passed on to codex login.")
    var arguments: [String] = []

    func run() async throws {
        let settings = try shared.settings()
        let codex = try CodexRuntime.find(settings.codexBinary)
        setenv("CODEX_HOME", settings.codexHome, 1)
        try? Directories.make(settings.codexHome)
        // If the agent has its own user, the files that codex writes must belong to that user.
        if let user = try AgentAccount(settings).user {
            try AgentPlaces(settings: settings, user: user, logger: Logger(label: "sre-agent")).prepareCodexHome()
            setgroups(0, nil)
            guard setgid(user.gid) == 0, setuid(user.uid) == 0 else { throw Failure(String(cString: strerror(errno))) }
        }
        var words = ([codex, "login"] + arguments).map { strdup($0) } + [nil]
        execv(codex, &words)
        throw Failure("\(codex) cannot be started: \(String(cString: strerror(errno))).")
    }
}
