import ArgumentParser

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Starts the server (the default).")

    @Option(help: "The address to listen on, 0.0.0.0 by default. (HOST)")
    var host: String?

    @Option(help: "The port to listen on, 3000 by default. (PORT)")
    var port: String?

    @Flag(help: "Answer with the built-in demo model: no OpenAI account needed. (DEMO)")
    var demo = false

    @Option(help: "The server's certificate, a PEM file. (TLS_CERT)")
    var tlsCert: String?

    @Option(help: "The certificate's key, a PEM file. (TLS_KEY)")
    var tlsKey: String?

    @Option(help: "Roles, floors and approval rules: a file like sre-agent.example.yaml. (CONFIG)")
    var config: String?

    @OptionGroup var shared: SettingsOptions

    func run() async throws {
        var flags: [String: String] = [:]
        flags["HOST"] = host
        flags["PORT"] = port
        flags["TLS_CERT"] = tlsCert
        flags["TLS_KEY"] = tlsKey
        flags["CONFIG"] = config
        if demo { flags["DEMO"] = "1" }
        try await Server(settings: try shared.settings(flags)).run()
    }
}
