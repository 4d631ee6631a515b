import CProcess
import Framing
import Glibc
import JSON
public import Logging
public import NIOCore
import NIOPosix
public import Relay
import Session

/// The socket on which codex's hook asks whether a tool call may run. It can be used to ask and for nothing else.
public struct GateListener: Sendable {
    /// A patch travels inside the question, so it may be long.
    static let questionLimit = 64 << 20

    let path: String
    let hub: Hub
    let logger: Logger

    public init(path: String, hub: Hub, logger: Logger) {
        self.path = path
        self.hub = hub
        self.logger = logger
    }

    /// Listens when it returns; the caller closes the channel.
    public func bind(on group: any EventLoopGroup) async throws -> any Channel {
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(GateHandler(hub: hub, logger: logger))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        chmod(path, 0o600)
        return channel
    }
}

/// One hook that asks: one line with the question, one line with the verdict.
final class GateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let hub: Hub
    private let logger: Logger
    private var lines = LineSplitter(limit: GateListener.questionLimit)
    private var ticket: HookTicket?
    private var isTrusted = false

    init(hub: Hub, logger: Logger) {
        self.hub = hub
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        let options = context.channel as? any SocketOptionProvider
        let channel = NIOLoopBound(context.channel, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let peer: EventLoopFuture<cprocess_peer>? = options?.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        guard let peer else {
            context.close(promise: nil)
            return
        }
        peer.whenComplete { result in
            if case .success(let peer) = result, peer.uid == getuid() {
                handler.value.isTrusted = true
                handler.value.read(channel.value)
            } else {
                handler.value.logger.error("a process of another user asked the gate")
                channel.value.close(promise: nil)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.append(unwrapInboundIn(data))
        if isTrusted { read(context.channel) }
    }

    private func read(_ channel: any Channel) {
        guard ticket == nil else { return }
        do {
            guard let line = try lines.next() else { return }
            let json = try JSONValue(parsing: Array(line.readableBytesView))
            guard var input = HookInput(json) else {
                return Self.reply(.deny(reason: "The gate cannot read this version's questions."), on: channel)
            }
            if input.toolName == "Bash" { input.complete(from: Transcript.end(of: input.transcriptPath)) }
            ticket = hub.hookAsked(input) { verdict in Self.reply(verdict, on: channel) }
        } catch {
            Self.reply(.deny(reason: "The gate cannot read the question: \(error)."), on: channel)
        }
    }

    private static func reply(_ verdict: HookVerdict, on channel: any Channel) {
        let line = ByteBuffer(bytes: verdict.json.serialized() + [0x0A])
        channel.writeAndFlush(line).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let ticket { hub.hookGone(ticket) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
