import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
import ServiceLifecycle

/// A model provider on loopback that speaks the part of the OpenAI Responses API that codex uses.
///
/// It stands in for a model: for `--demo`, inside the server process, and for tests. It keeps no state between
/// requests; any client with the token may use it.
///
///     let model = ScriptedModelServer(mode: .demo, logger: logger)
///     try await model.withRunning { baseURL in
///         // start codex with CodexSettings.arguments(baseURL: baseURL) and with
///         // the environment variable CodexSettings.tokenVariable = model.token
///     }
public final class ScriptedModelServer: Sendable {
    public enum Mode: Sendable, Hashable {
        /// Answers questions about the machine; every answer is marked as a demo's.
        case demo
        /// Also plays scripts: messages that begin with `script:`.
        case scripts
    }

    /// The bearer token; requests without it are answered with status 401.
    public let token: String

    /// A connection without a request for this long is closed.
    private static let idleTimeout = TimeAmount.seconds(60)

    private let port: Int
    private let responder: ModelResponder
    private let logger: Logger

    /// - Parameters:
    ///   - mode: Whether scripts are played.
    ///   - port: The TCP port on 127.0.0.1; 0 lets the system choose one.
    ///   - token: The bearer token; nil creates a random one.
    ///   - observer: Receives every accepted request, for tests.
    ///   - logger: Logs the address and failures, never the content of requests.
    public init(
        mode: Mode, port: Int = 0, token: String? = nil, observer: (any RequestObserver)? = nil,
        logger: Logger = Logger(label: "scripted-model")
    ) {
        let token = token ?? BearerToken.random()
        self.token = token
        self.port = port
        self.logger = logger
        responder = ModelResponder(mode: mode, token: BearerToken(token), observer: observer)
    }

    /// Serves until the task is cancelled, which cuts open streams.
    ///
    /// - Parameter onReady: Called once, when requests are accepted, with the base URL, which ends with `/v1`.
    /// - Throws: If the port cannot be bound. Nothing after a cancellation.
    public func run(onReady: @escaping @Sendable (_ baseURL: String) async -> Void) async throws {
        let responder = responder
        let application = Application(
            responder: CallbackResponder { (request: Request, context: ModelRequestContext) in
                await responder.respond(to: request, on: context.channel)
            },
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                await onReady("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1")
            },
            logger: logger)
        let group = ServiceGroup(services: [application], logger: logger)
        // Hummingbird's server must not be cancelled: a connection that it has accepted but not yet handled would
        // crash the process (NIO requires its writer to be finished). So the server runs in an unstructured task, and a
        // cancellation becomes a graceful shutdown.
        let serving = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// Serves while `body` runs, passes it the base URL, and stops when it returns or throws.
    ///
    /// - Throws: The error of `body`, or the reason that the server could not start.
    public func withRunning<Result: Sendable>(
        _ body: @Sendable (_ baseURL: String) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ready, signal) = AsyncStream.makeStream(of: String.self)
            group.addTask {
                defer { signal.finish() }
                try await self.run { signal.yield($0) }
            }
            defer { group.cancelAll() }
            for await baseURL in ready { return try await body(baseURL) }
            try await group.waitForAll()
            throw CancellationError()
        }
    }
}
