import ArgumentParser
import Connector
import ConnectorState
import UnixSignals

struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Takes the place of `codex app-server` for a program that starts one: carries stdio to a server.",
        discussion: """
            Each line of standard input is a message to the server, each message of the server's a line of standard \
            output; standard error gets single lines for people. A lost connection is taken up again where it was. The \
            access token comes from SRE_AGENT_TOKEN or --token-file, and a process of the server's own user on the same \
            machine needs none.

            Exit codes:
              0   standard input has ended and every answer is out
              64  the URL, the token or a file cannot be used
              65  a line of standard input is longer than 256 MiB
              69  the server cannot be reached, or not any more
              74  standard input cannot be read or standard output cannot be written
              75  the session is lost or the server too busy: start again
              76  this is no SRE Agent Server, or it refused a message as no message
              77  the sign-in was refused or has ended
              128 and the number of the signal that stopped it
            """)

    @Argument(help: "The server: ws, wss, http or https. With a path only where the socket has another.")
    var url: String = ServerAddress.standard

    @Option(help: "A file with the access token, which nobody else may read. (SRE_AGENT_TOKEN)")
    var tokenFile: String?

    @Option(help: "Certificates to believe in the place of the system's, a PEM file.")
    var caFile: String?

    @Option(help: "Seconds that a lost server is looked for. Servers keep a session for 900 by default. (SESSION_KEEP)")
    var retryTime: Int = 900

    @Flag(help: "Do not pass on what the program answers to approvals: people answer, in the page for instance.")
    var peopleAnswer = false

    func run() async throws {
        let end: ConnectorResult
        do {
            end = try await connect()
        } catch let fault as ConnectorResult {
            end = fault
        }
        if let message = end.message { Self.say(message) }
        throw ExitCode(end.exitCode)
    }

    /// Writes a single line, replacing control characters that the server's text may contain.
    private static func say(_ words: String) {
        StandardError.write(
            String(words.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }))
    }

    private func connect() async throws -> ConnectorResult {
        let address: ServerAddress
        do {
            address = try ServerAddress(url)
        } catch {
            throw ConnectorResult(.usage, "\(error)")
        }
        guard (0...1_000_000).contains(retryTime) else {
            throw ConnectorResult(.usage, "--retry-time is a number of seconds, 0 or more.")
        }
        let token = try TokenFile.token(file: tokenFile, variable: ProcessEnvironment.all["SRE_AGENT_TOKEN"])
        if token != nil, !address.isEncrypted, !address.isLoopback {
            StandardError.write(
                "The access token travels to \(address.host) unencrypted: use wss if the server has TLS.")
        }
        let options = ConnectorOptions(
            address: address, token: token, authorities: caFile, retryTime: retryTime, peopleAnswer: peopleAnswer)
        let connector = try await StdioConnector(options, say: Self.say)
        let signals = Task {
            for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup) {
                connector.stop(signal.rawValue)
            }
        }
        defer { signals.cancel() }
        return try await connector.run()
    }
}
