import AsyncHTTPClient
import HTTPTypes
import Hummingbird
public import JSON
public import Logging
import NIOCore
import NIOHTTP1
public import ServiceLifecycle
import Synchronization

/// A proxy on loopback between codex and MCP servers over HTTP (Model Context Protocol, streamable HTTP). It checks the
/// messages that codex posts before it forwards them. Everything else passes unchanged, including codex's own
/// credentials.
///
/// It listens only if codex's configuration names such a server. It requires ``secret`` in ``header``, because other
/// processes on this machine can reach the port too.
public final class ToolProxy: Service {
    /// Returns the response for codex in place of the server's, or nil if the message may pass. `server` is the MCP
    /// server's name.
    public typealias Judge = @Sendable (_ message: [UInt8], _ server: String) -> JSONValue?
    /// Called if the server has answered a message with 404 because the message's session has ended (Model Context
    /// Protocol 2025-06-18, streamable HTTP, session management): codex begins a new session and sends it again.
    public typealias SessionEnded = @Sendable (_ message: [UInt8], _ server: String) -> Void

    /// The maximum size of a message from codex, which may contain a file.
    static let messageLimit = 64 << 20
    static let connectPatience = TimeAmount.seconds(30)

    private enum Listening {
        case notYet([CheckedContinuation<Int?, Never>])
        case on(port: Int)
        case ended
    }

    private struct State {
        /// The targets by the first component of the path.
        var targets: [String: Target] = [:]
        var listening = Listening.notYet([])
    }

    /// In lower case.
    public static let header = "x-sre-agent-proxy"
    public let secret: String
    private let judge: Judge
    private let sessionEnded: SessionEnded
    /// codex stores a sign-in by the server's address, so the port stays the same if possible.
    private let portFile: PortFile
    private let state = Mutex(State())
    private let needed: AsyncStream<Void>
    private let isNeeded: AsyncStream<Void>.Continuation
    private let logger: Logger

    /// `portFile` is the path at which the port is stored.
    public init(
        portFile: String, secret: String, logger: Logger, judge: @escaping Judge, sessionEnded: @escaping SessionEnded
    ) {
        self.portFile = PortFile(path: portFile)
        self.secret = secret
        self.judge = judge
        self.sessionEnded = sessionEnded
        self.logger = logger
        (needed, isNeeded) = AsyncStream.makeStream()
    }

    /// The address for codex in place of `url`; the proxy is listening when this returns. nil if `url` is not an http
    /// or https URL, or if no port is available.
    public func address(of url: String, server: String) async -> String? {
        guard let target = Target(server: server, url: url) else { return nil }
        state.withLock { $0.targets[target.key] = target }
        isNeeded.yield()
        let port = await withCheckedContinuation { continuation in
            let known: Int?? = state.withLock { state in
                switch state.listening {
                case .notYet(let waiting):
                    state.listening = .notYet(waiting + [continuation])
                    return nil
                case .on(let port): return port
                case .ended: return .some(nil)
                }
            }
            if let known { continuation.resume(returning: known) }
        }
        return port.map { "http://127.0.0.1:\($0)/\(target.key)\(target.path)" }
    }

    private func change(to listening: Listening) {
        let before = state.withLock { state in
            defer { state.listening = listening }
            return state.listening
        }
        guard case .notYet(let waiting) = before else { return }
        let port: Int? = if case .on(let port) = listening { port } else { nil }
        for continuation in waiting { continuation.resume(returning: port) }
    }

    private var hasListened: Bool {
        state.withLock { if case .on = $0.listening { true } else { false } }
    }

    public func run() async throws {
        defer { change(to: .ended) }
        await cancelWhenGracefulShutdown { for await _ in self.needed { break } }
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        // Each codex thread keeps a stream open.
        var connectionPool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 4_096)
        // An unreachable server is reported as an error at once; codex decides about retries.
        connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(
                redirectConfiguration: .disallow, timeout: .init(connect: Self.connectPatience),
                connectionPool: connectionPool,
                decompression: .disabled))
        do {
            try await listen(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    /// Listens on the previous port, or on any free port.
    private func listen(_ client: HTTPClient) async throws {
        if let port = portFile.port {
            do {
                return try await application(port, client).run()
            } catch {
                guard !hasListened else { throw error }
                logger.warning(
                    "the port of the MCP proxy is taken; sign in to MCP servers again",
                    metadata: ["port": "\(port)", "error": "\(error)"])
            }
        }
        try await application(0, client).run()
    }

    private func application(_ port: Int, _ client: HTTPClient) -> some ApplicationProtocol {
        Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                await self.respond(to: request, client)
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                self.portFile.remember(port)
                self.change(to: .on(port: port))
            }, logger: logger)
    }

    private func respond(to request: Request, _ client: HTTPClient) async -> Response {
        guard let forwarded = ForwardedRequest(request, find: { key in state.withLock { $0.targets[key] } }) else {
            return Self.error(.notFound, "There is no MCP server here.")
        }
        guard forwarded.isMetadata || isFromAgent(request) else {
            logger.warning(
                "a client other than codex called the MCP proxy", metadata: ["server": "\(forwarded.target.server)"])
            return Self.error(.forbidden, "Only codex may use this proxy.")
        }
        do {
            var outgoing = forwarded.request
            var message: [UInt8] = []
            if request.method == .post {
                let body = try await request.body.collect(upTo: Self.messageLimit)
                message = Array(body.readableBytesView)
                if let refusal = judge(message, forwarded.target.server) {
                    return Self.json(.ok, refusal)
                }
                outgoing.body = .bytes(body)
            }
            let response = try await client.execute(outgoing, deadline: .distantFuture, logger: nil)
            if response.status == .notFound, outgoing.headers.contains(name: "mcp-session-id") {
                sessionEnded(message, forwarded.target.server)
            }
            return try await forwarded.response(response, host: request.head.authority ?? "")
        } catch {
            logger.warning(
                "an MCP server could not be reached",
                metadata: ["server": "\(forwarded.target.server)", "error": "\(type(of: error)): \(error)"])
            return Self.error(.badGateway, "The MCP server cannot be reached.")
        }
    }

    /// Compares in constant time.
    private func isFromAgent(_ request: Request) -> Bool {
        guard let name = HTTPField.Name(Self.header) else { return false }
        let (given, expected) = (Array((request.headers[name] ?? "").utf8), Array(secret.utf8))
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func error(_ status: HTTPResponse.Status, _ message: String) -> Response {
        json(status, ["error": .string(message)])
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.serialized())))
    }
}
