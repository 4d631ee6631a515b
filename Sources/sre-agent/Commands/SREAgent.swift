import ArgumentParser

struct SREAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sre-agent",
        abstract: "Puts codex app-server behind a web page, and asks a person before every command.",
        version: Version.current,
        subcommands: [
            ServeCommand.self, DoctorCommand.self, LoginCommand.self, TokenCommand.self, AuditCommand.self,
            ConnectCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
