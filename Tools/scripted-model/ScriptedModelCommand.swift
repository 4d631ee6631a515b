import Logging
import ScriptedModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The scripted model as a process of its own, for tests. Prints its base URL and, on the next line, its token
/// when it made one; then serves until it is killed. `GET /requests` tells what codex has sent.
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
            fflush(nil)  // stdout is a pipe when a test reads it, and then nothing flushes it at a line end
        }
    }
}
