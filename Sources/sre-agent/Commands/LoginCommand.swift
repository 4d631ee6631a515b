import ArgumentParser
import Glibc
import Settings

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Signs in to codex: hands over to `codex login` of the runtime in use.")

    @OptionGroup var shared: SettingsOptions

    @Argument(parsing: .captureForPassthrough, help: "Passed on to codex login.")
    var arguments: [String] = []

    func run() async throws {
        let settings = try shared.settings()
        guard let codex = CodexRuntime.find(settings.codexBinary) else { throw CodexRuntime.notFound }
        setenv("CODEX_HOME", settings.codexHome, 1)
        try? Directories.make(settings.codexHome)
        var words = ([codex, "login"] + arguments).map { strdup($0) } + [nil]
        execv(codex, &words)
        throw Failure("\(codex) cannot be started: \(String(cString: strerror(errno))).")
    }
}
