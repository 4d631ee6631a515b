import Framing
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOSSL
import Relay
import Session

/// Sets up each accepted connection: an upgrade request becomes a WebSocket, everything else goes to Hummingbird.
struct UpgradeChannel: ServerChildChannel {
    /// NIO activates a connection only after setup returns, and only an active connection can receive the request that
    /// decides. So setup returns the decision as a future.
    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    enum Negotiated {
        case http(HTTP1Channel.Value)
        case webSocket
    }

    static let socketPath = "/api/v1/sre/socket"

    /// The admitted client, from the decision to upgrade until the upgrade is done.
    private final class Admission {
        var granted: (client: ClientContext, request: SessionRequest, number: UInt64)?
    }

    let http: HTTP1Channel
    let edge: EdgeContext

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // Set these before the first read: buffers that already exist keep their size.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: Reading.readsPerWakeUp)
            try channel.syncOptions?.setOption(.recvAllocator, value: Reading.buffers)
            let gate = ConnectionGate(limiter: edge.connections, isPlain: edge.tls == nil)
            try channel.pipeline.syncOperations.addHandler(gate)
            if let tls = edge.tls {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
            }
            let admission = NIOLoopBound(Admission(), eventLoop: channel.eventLoop)
            let upgrader = WebSocketUpgrader<Negotiated>(
                admit: { channel, head in admit(head, on: channel, admission.value) },
                open: { channel, head in open(head, on: channel, admission.value) })
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Negotiated>(
                upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in serveHTTP(on: channel, logger: logger) })
            var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            configuration.enablePipelining = false
            configuration.enableErrorHandling = false
            let negotiated = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: configuration)
            // These go in front of the upgrade handler, which handles any Upgrade header.
            let upgradeHandler = try channel.pipeline.syncOperations.handler(
                type: NIOTypedHTTPServerUpgradeHandler<Negotiated>.self)
            try channel.pipeline.syncOperations.addHandlers(
                [AnswerDeadline(), RequestGuard { gate.set(isBusy: $0) }, OtherUpgradesFilter()],
                position: .before(upgradeHandler))
            return Value(negotiated: negotiated, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        switch try? await value.negotiated.get() {
        case .http(let channel): await http.handle(value: channel, logger: logger)
        // Only ``EdgeServer`` waits for a socket to end: a task would cost as much as the rest of the socket.
        case .webSocket: break
        case nil: value.channel.close(promise: nil)
        }
    }

    private func serveHTTP(on channel: any Channel, logger: Logger) -> EventLoopFuture<Negotiated> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
                HTTP1ToHTTPServerCodec(secure: false),
                HTTPConnectionStateHandler(idleTimeout: .seconds(60), logger: logger),
            ])
            return .http(
                try HTTP1Channel.Value(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
        }
    }

    /// The future never holds nil: a refusal is answered here, and the connection is closed.
    private func admit(_ head: HTTPRequestHead, on channel: any Channel, _ admission: Admission)
        -> EventLoopFuture<HTTPHeaders?>
    {
        let credentials = RequestCredentials(head, channel: channel)
        do {
            guard [Self.socketPath, "/"].contains(head.path) else {
                throw AccessRefusal(status: 404, message: "The WebSocket is at \(Self.socketPath).")
            }
            // RFC 6455 section 4.2.1. NIO does not check it.
            guard head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
                throw AccessRefusal(
                    status: 400, message: "A request for a WebSocket needs the header Connection: Upgrade.")
            }
            let client = try edge.admit(credentials)
            let request = try SessionRequest(uri: head.uri)
            let address = client.address ?? ""
            try edge.sockets.take(address)
            do throws(AccessRefusal) { try makeRoom(for: client, at: request, address) } catch {
                edge.sockets.release(address)
                throw error
            }
            admission.granted = (client, request, edge.sessions.nextNumber())
            channel.closeFuture.whenComplete { [sockets = edge.sockets] _ in sockets.release(address) }
            var headers = DeflateAgreement(head.headers)?.headers ?? [:]
            if credentials.subprotocols.contains(RequestCredentials.subprotocol) {
                headers.add(name: "Sec-WebSocket-Protocol", value: RequestCredentials.subprotocol)
            }
            return channel.eventLoop.makeSucceededFuture(headers)
        } catch {
            let malformed = (error as? SessionRequest.Malformed)?.message
            let refusal = error as? AccessRefusal ?? .init(status: 400, message: malformed ?? "\(error)")
            edge.refusals.note(
                refusal, credentials, address: edge.authenticator.address(of: credentials), what: head.path)
            guard refusal.delay > .zero else { return refuse(refusal, on: channel) }
            return channel.eventLoop.flatScheduleTask(in: TimeAmount(refusal.delay)) {
                refuse(refusal, on: channel)
            }.futureResult
        }
    }

    /// A session that waits for its client costs as much as a socket, and counts as one.
    private func makeRoom(for client: ClientContext, at request: SessionRequest, _ address: String)
        throws(AccessRefusal)
    {
        let left = edge.sockets.left(address)
        let capacity = SessionDirectory.Capacity(inAll: left.inAll, ofOne: left.ofAddress)
        guard edge.sessions.makeRoom(capacity, for: client.principal, at: request) else {
            throw AccessRefusal(
                status: 503,
                message:
                    "\(edge.sockets.limit) sockets and waiting sessions are open, which is the limit."
            )
        }
    }

    private func refuse(_ refusal: AccessRefusal, on channel: any Channel) -> EventLoopFuture<HTTPHeaders?> {
        let more: HTTPHeaders = [429, 503].contains(refusal.status) ? ["Retry-After": "\(ErrorBody.retryAfter)"] : [:]
        let answer = ErrorBody.lastAnswer(.init(statusCode: refusal.status), refusal.message, more)
        for part in answer.dropLast() { channel.write(part, promise: nil) }
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil)).flatMap {
            channel.close(mode: .all)
        }.flatMap { channel.eventLoop.makeFailedFuture(refusal) }
    }

    private func open(_ head: HTTPRequestHead, on channel: any Channel, _ admission: Admission)
        -> EventLoopFuture<Negotiated>
    {
        channel.eventLoop.makeCompletedFuture {
            guard let (client, request, number) = admission.granted else {
                throw ChannelError.inappropriateOperationForState
            }
            let dialect = head.dialect
            let handler = WebSocketHandler(
                maximumMessageSize: edge.maximumMessageSize, isAtSocket: edge.tls == nil,
                deflate: DeflateAgreement(head.headers)
            ) { handler, eventLoop in
                let attachment = edge.sessions.attach(
                    handler, number: number, at: request, client: client, dialect: dialect, on: eventLoop)
                // Check again once the hub knows the session, so that a sign-out in between does not miss it.
                if !edge.authenticator.mayStay(client) { edge.hub.signOut(Hub.signedOutReason) { $0 == client } }
                return attachment
            }
            let pipeline = channel.pipeline.syncOperations
            pipeline.removeHandler(try pipeline.handler(type: RequestGuard.self), promise: nil)
            pipeline.removeHandler(try pipeline.handler(type: AnswerDeadline.self), promise: nil)
            pipeline.removeHandler(try pipeline.handler(type: ConnectionGate.self), promise: nil)
            try pipeline.addHandler(handler)
            return .webSocket
        }
    }
}

extension HTTPRequestHead {
    var path: String { String(uri.prefix { $0 != "?" }) }

    /// `?approvals=legacy` asks for approvals in the mission's older shape.
    var dialect: ClientSession.Dialect {
        let query = uri.drop { $0 != "?" }.dropFirst()
        return query.split(separator: "&").contains("approvals=legacy") ? .legacy : .codex
    }
}

/// Removes `Upgrade` headers that do not name WebSocket (`h2c`, which curl sends with `--http2`) or that lack what RFC
/// 6455 section 4.2.1 requires. NIO's upgrade handler would drop such a request without a response.
private final class OtherUpgradesFilter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let isWebSocket = head.headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
        let isWhole =
            head.headers["Sec-WebSocket-Key"].count == 1 && head.headers["Sec-WebSocket-Key"] != [""]
            && head.headers["Sec-WebSocket-Version"] == ["13"]
        if !isWebSocket || !isWhole { head.headers.remove(name: "Upgrade") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
