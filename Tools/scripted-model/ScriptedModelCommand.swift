import Logging
import ScriptedModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The scripted model as a separate process, for tests. Prints its base URL and, if it created a token, the token on
/// the next line; then serves until it is killed. `GET /requests` returns codex's requests.
@main
struct ScriptedModelCommand {
    static func main() async throws {
        var logger = Logger(label: "scripted-model")
        logger.logLevel = .warning
        let arguments: Arguments
        do throws(Arguments.Failure) {
            arguments = try Arguments(CommandLine.arguments.dropFirst())
        } catch {
            logger.error("\(error.message). \(Arguments.usage)")
            exit(2)
        }
        let model = ScriptedModelServer(
            mode: .scripts, port: arguments.port, token: arguments.token, observer: RequestLog(), logger: logger)
        try await model.run { baseURL in
            print(baseURL)
            if arguments.token == nil { print(model.token) }
            fflush(nil)  // stdout is not line-buffered when a test reads it through a pipe
        }
    }
}
