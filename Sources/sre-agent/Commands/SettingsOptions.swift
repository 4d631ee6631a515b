import ArgumentParser
import Settings
import Glibc

/// The flags that the subcommands share. Each is also an environment variable and a line of `.env`.
struct SettingsOptions: ParsableArguments {
    @Option(help: "The codex executable, or a script or wrapper that becomes it by exec. (CODEX_BIN)")
    var codex: String?

    @Option(help: "One agent for all sessions (shared) or one for each (isolated). (AGENT_MODE)")
    var agentMode: String?

    @Option(help: "The default directory of threads. (WORKSPACE)")
    var workspace: String?

    func settings(_ more: [String: String] = [:]) throws -> Settings {
        var flags = more
        flags["CODEX_BIN"] = codex
        flags["AGENT_MODE"] = agentMode
        flags["WORKSPACE"] = workspace
        let environment = ProcessEnvironment.all
        if let fault = Self.faultOfDotEnv() {
            StandardError.write(fault)
            throw ExitCode(64)
        }
        let dotEnv = DotEnv.parse(ProcessEnvironment.readFile(".env") ?? "") {
            StandardError.write(".env, line \($0): this is not KEY=value, so it is ignored.")
        }
        do {
            let given = [flags, environment, dotEnv]
            let settings = try Settings(
                layers: given + [AgentAccount.defaults(given)], home: environment["HOME"] ?? "/",
                workingDirectory: ProcessEnvironment.workingDirectory)
            for key in dotEnv.keys.sorted() where !settings.keys.contains(key) {
                StandardError.write(".env: \(key) is not a setting of the server and is ignored.")
            }
            return settings
        } catch {
            throw error.exit()
        }
    }

    /// Why `.env` in the working directory is not used; nil if it may be. It names programs that the server starts.
    private static func faultOfDotEnv() -> String? {
        var status = stat()
        guard stat(".env", &status) == 0 else { return nil }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            return ".env belongs to another user, who could change it. Run chown on it, or start in another directory."
        }
        return status.st_mode & S_IWOTH == 0 ? nil : ".env is writable by all users; run chmod o-w on it."
    }
}

extension SettingsError {
    /// Writes the error to standard error as one line, and returns its exit code (EX_USAGE, sysexits.h).
    func exit() -> ExitCode {
        StandardError.write(description)
        return ExitCode(64)
    }
}
