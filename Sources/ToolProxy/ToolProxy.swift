import AsyncHTTPClient
import HTTPTypes
import Hummingbird
public import JSON
public import Logging
import NIOCore
import NIOHTTP1
public import ServiceLifecycle
import Synchronization

/// Stands between codex and MCP servers over HTTP (Model Context Protocol, streamable HTTP), on loopback: what codex posts
/// is looked at before it goes on. Everything else passes as it is, codex's own credentials included.
///
/// Listens only when codex's configuration names such a server. It serves whoever sends ``secret`` in ``header``: others
/// on this machine reach the port, too.
public final class ToolProxy: Service {
    /// What codex is told in the place of an answer; nil when the message may pass. `server` is the MCP server's name.
    public typealias Judge = @Sendable (_ message: [UInt8], _ server: String) -> JSONValue?

    /// A message of codex's, a file in it included.
    static let messageLimit = 64 << 20
    static let connectPatience = TimeAmount.seconds(30)

    private enum Listening {
        case notYet([CheckedContinuation<Int?, Never>])
        case on(port: Int)
        case ended
    }

    private struct State {
        /// By the first component of the path.
        var targets: [String: Target] = [:]
        var judge: Judge?
        var listening = Listening.notYet([])
    }

    /// In lower case.
    public static let header = "x-sre-agent-proxy"
    public let secret: String
    /// codex finds a stored sign-in by the server's address, so the port stays the same if it can.
    private let portFile: PortFile
    private let state = Mutex(State())
    private let needed: AsyncStream<Void>
    private let isNeeded: AsyncStream<Void>.Continuation
    private let logger: Logger

    /// `portFile` is where the port is remembered.
    public init(portFile: String, secret: String, logger: Logger) {
        self.portFile = PortFile(path: portFile)
        self.secret = secret
        self.logger = logger
        (needed, isNeeded) = AsyncStream.makeStream()
    }

    /// Before ``run()``.
    public func onMessage(_ judge: @escaping Judge) { state.withLock { $0.judge = judge } }

    /// The address to give to codex in the place of `url`, on which the proxy listens when this returns; nil for what is no
    /// http or https address, or when no port can be had.
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
        // Each thread of codex's keeps a stream open.
        var connectionPool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 4_096)
        // A server that is not there is an error at once, for codex to try again or not.
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

    /// On the port of the last time, or on any.
    private func listen(_ client: HTTPClient) async throws {
        if let port = portFile.port {
            do {
                return try await application(port, client).run()
            } catch {
                guard !hasListened else { throw error }
                logger.warning(
                    "the port of the MCP proxy is taken; who signed in to an MCP server must do so again",
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
                "somebody else than codex called the MCP proxy", metadata: ["server": "\(forwarded.target.server)"])
            return Self.error(.forbidden, "This is for codex alone.")
        }
        do {
            var outgoing = forwarded.request
            if request.method == .post {
                let body = try await request.body.collect(upTo: Self.messageLimit)
                if let refusal = state.withLock({ $0.judge })?(Array(body.readableBytesView), forwarded.target.server) {
                    return Self.json(.ok, refusal)
                }
                outgoing.body = .bytes(body)
            }
            let response = try await client.execute(outgoing, deadline: .distantFuture, logger: nil)
            return try await forwarded.response(response, host: request.head.authority ?? "")
        } catch {
            logger.warning(
                "an MCP server could not be reached",
                metadata: ["server": "\(forwarded.target.server)", "error": "\(type(of: error)): \(error)"])
            return Self.error(.badGateway, "The MCP server cannot be reached.")
        }
    }

    /// In constant time.
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
