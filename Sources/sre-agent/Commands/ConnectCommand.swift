import ArgumentParser
import Connector
import ConnectorState
import UnixSignals

struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Replaces `codex app-server` for a program that starts one: connects stdio to a server.",
        discussion: """
            Each line of standard input is a message to the server, each message from the server a line of standard \
            output; standard error gets one-line messages. A lost connection is resumed. The access token comes from \
            SRE_AGENT_TOKEN or --token-file, and a process of the server's own user on the same machine needs none.

            Exit codes:
              0   standard input has ended and every answer is out
              64  the URL, the token or a file cannot be used
              65  a line of standard input is longer than 256 MiB
              69  the server cannot be reached, or no longer
              74  standard input cannot be read or standard output cannot be written
              75  the session is lost or the server is too busy: start again
              76  this is not an SRE Agent Server, or it refused a message as invalid
              77  the sign-in was refused or has ended
              128 and the number of the signal that stopped it
            """)

    @Argument(help: "The server: ws, wss, http or https. Add a path only if the socket has a different one.")
    var url: String = ServerAddress.standard

    @Option(help: "A file with the access token, which other users cannot read. (SRE_AGENT_TOKEN)")
    var tokenFile: String?

    @Option(help: "CA certificates to trust instead of the system's (PEM).")
    var caFile: String?

    @Option(help: "Seconds to retry a lost server. Servers keep a session for 900 by default. (SESSION_KEEP)")
    var retryTime: Int = 900

    @Flag(help: "Do not forward the program's answers to approvals: people answer instead, for example in the page.")
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
            throw ConnectorResult(.usage, "--retry-time must be a number of seconds, 0 or more.")
        }
        let token = try TokenFile.token(file: tokenFile, variable: ProcessEnvironment.all["SRE_AGENT_TOKEN"])
        if token != nil, !address.isEncrypted, !address.isLoopback {
            StandardError.write(
                "The access token is sent to \(address.host) unencrypted: use wss if the server has TLS.")
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
