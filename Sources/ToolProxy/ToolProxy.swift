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
/// Listens only when codex's configuration names such a server.
public final class ToolProxy: Service {
    /// What codex is told in the place of an answer; nil when the message may pass. `server` is the MCP server's name.
    public typealias Judge = @Sendable (_ message: [UInt8], _ server: String) -> JSONValue?

    /// A message of codex's, a file in it included.
    static let messageLimit = 64 << 20
    static let connectPatience = TimeAmount.seconds(30)

    private struct State {
        /// By the first component of the path.
        var targets: [String: Target] = [:]
        var judge: Judge?
    }

    /// The loopback port: codex finds a stored sign-in by the server's address, so it stays the same.
    public let port: Int
    private let state = Mutex(State())
    private let needed: AsyncStream<Void>
    private let isNeeded: AsyncStream<Void>.Continuation
    private let logger: Logger

    public init(port: Int, logger: Logger) {
        self.port = port
        self.logger = logger
        (needed, isNeeded) = AsyncStream.makeStream()
    }

    /// Before ``run()``.
    public func onMessage(_ judge: @escaping Judge) { state.withLock { $0.judge = judge } }

    /// The address to give to codex in the place of `url`; nil for what is no http or https address.
    public func address(of url: String, server: String) -> String? {
        guard let target = Target(server: server, url: url) else { return nil }
        state.withLock { $0.targets[target.key] = target }
        isNeeded.yield()
        return "http://127.0.0.1:\(port)/\(target.key)\(target.path)"
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { for await _ in self.needed { break } }
        guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(
                redirectConfiguration: .disallow, timeout: .init(connect: Self.connectPatience),
                // Each thread of codex's keeps a stream open.
                connectionPool: .init(idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 4_096),
                decompression: .disabled))
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                await self.respond(to: request, client)
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)), logger: logger)
        do {
            try await application.run()
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func respond(to request: Request, _ client: HTTPClient) async -> Response {
        guard let forwarded = ForwardedRequest(request, find: { key in state.withLock { $0.targets[key] } }) else {
            return Self.error(.notFound, "There is no MCP server here.")
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
            return try await forwarded.response(response, port: port)
        } catch {
            logger.warning(
                "an MCP server could not be reached",
                metadata: ["server": "\(forwarded.target.server)", "error": "\(type(of: error)): \(error)"])
            return Self.error(.badGateway, "The MCP server cannot be reached.")
        }
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
