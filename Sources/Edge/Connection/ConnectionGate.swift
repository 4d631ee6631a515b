import NIOCore

/// Takes a place for a connection when it opens, and returns it when the connection ends or becomes a WebSocket. Comes
/// first in the pipeline, so a refused connection costs no TLS handshake.
final class ConnectionGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limiter: ConnectionLimiter
    /// The connection has no TLS. With TLS, a refusal cannot be sent before the handshake.
    private let isPlain: Bool
    private var place: UInt64?
    private var isRefused = false
    private static let patience = TimeAmount.seconds(1)

    init(limiter: ConnectionLimiter, isPlain: Bool) {
        self.limiter = limiter
        self.isPlain = isPlain
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        do throws(AccessRefusal) {
            place = try limiter.take(channel.remoteAddress?.ipAddress ?? "") { channel.close(promise: nil) }
            context.fireChannelActive()
        } catch {
            isRefused = true
            guard isPlain else { return context.close(promise: nil) }
            let answer = ByteBuffer(bytes: ErrorBody.bytes(error))
            context.writeAndFlush(wrapOutboundOut(answer)).whenComplete { _ in
                channel.close(mode: .output, promise: nil)
            }
            channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isRefused { context.fireChannelRead(data) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if let place { limiter.release(place) }
        place = nil
    }

    func set(isBusy: Bool) {
        if let place { limiter.set(place, isBusy: isBusy) }
    }
}
