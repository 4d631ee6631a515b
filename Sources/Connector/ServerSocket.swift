import ConnectorState
import Framing
import NIOCore

/// What a ``ServerSocket`` reports, on its event loop.
protocol ServerSocketReceiver: AnyObject {
    func text(_ message: ByteBuffer)
    func pong(_ payload: ByteBuffer)
    func heard()
    /// The last call, made once.
    func ended(_ end: DisconnectReason)
}

/// The socket after its handshake: reads the server's frames and writes the connector's.
final class ServerSocket: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long the server may take to answer a close frame.
    static let closePatience: TimeAmount = .seconds(1)

    private weak var receiver: (any ServerSocketReceiver)?
    private var context: ChannelHandlerContext?
    private var decoder = FrameDecoder(maximumPayload: ConnectorLimits.message)
    private var reader = FrameReader(limit: ConnectorLimits.message, of: .server)
    private var isClosing = false

    init(receiver: any ServerSocketReceiver) { self.receiver = receiver }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: From the server

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder.next() { receive(frame) }
        } catch .payloadTooLong {
            end(.over(.init(.protocol, "The server sent a message of more than \(ConnectorLimits.message) bytes.")))
        } catch {
            end(.over(.init(.protocol, "The server sent a broken WebSocket frame.")))
        }
    }

    private func receive(_ frame: Frame) {
        switch reader.read(frame) {
        case .message(let message): receiver?.text(message)
        case .ping(let payload):
            send(.pong, payload)
            flush()
            receiver?.heard()
        case .pong: receiver?.pong(frame.payload)
        case .nothing: receiver?.heard()
        case .binary: break
        case .closed(let code, let reason):
            send(.connectionClose, ByteBuffer(integer: code ?? CloseCode.normal.rawValue))
            flush()
            isClosing = true
            end(DisconnectReason(closeCode: code, reason: reason))
        case .fault(_, let reason):
            end(.over(.init(.protocol, "The server broke the WebSocket protocol: \(reason)")))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { end(.comeBack("The connection broke.")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.comeBack("The connection broke: \(SocketOpener.words(error))"))
    }

    private func end(_ end: DisconnectReason) {
        receiver?.ended(end)
        receiver = nil
        context?.close(promise: nil)
    }

    // MARK: To the server

    func send(_ opcode: Opcode, _ payload: ByteBuffer) {
        guard let context, !isClosing else { return }
        context.write(wrapOutboundOut(.clientFrame(opcode, payload)), promise: nil)
    }

    func flush() { context?.flush() }

    func setReading(_ isReading: Bool) {
        guard let channel = context?.channel else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    /// Stops reporting and closes the socket, after a close frame if there is a code. Completes when the socket is
    /// closed.
    func leave(code: UInt16?) -> EventLoopFuture<Void>? {
        receiver = nil
        guard let context else { return nil }
        let closed = context.channel.closeFuture
        guard let code else {
            context.close(promise: nil)
            return closed
        }
        send(.connectionClose, ByteBuffer(integer: code))
        flush()
        isClosing = true
        // The server's close frame comes after everything unread.
        setReading(true)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closePatience) { bound.value.close(promise: nil) }
        return closed
    }
}
