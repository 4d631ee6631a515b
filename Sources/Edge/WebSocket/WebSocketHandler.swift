import Framing
import Logging
package import NIOCore
package import Relay
import Session

/// A client's socket after the upgrade: reads its frames, hands its messages to the session, writes the session's.
package final class WebSocketHandler: ChannelInboundHandler, ClientLink {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// A client is pinged this often, and given up when it has sent nothing after so many pings: after 60 to 80 seconds
    /// without a byte of it.
    static let pingInterval: TimeAmount = .seconds(20)
    static let pingLimit = 3
    /// How long the peer may take to answer a close frame (RFC 6455 section 7.1.1).
    static let closePatience: TimeAmount = .seconds(5)

    private enum State {
        case open
        /// A close frame was sent; nothing more is read or written. → `closed`
        case closing
        case closed
    }

    /// As much as waits for a flush before the socket counts as full: what NIO takes as its limit for what waits behind.
    static let batchLimit = 64 << 10

    private var state = State.open
    /// Since the handler is in its place.
    private var decoder: FrameDecoder?
    private var reader: FrameReader
    /// Called once, when the handler is in its place.
    private var attach: ((WebSocketHandler, any EventLoop) -> any ClientReceiver)?
    private var session: (any ClientReceiver)?
    private var context: ChannelHandlerContext?
    private var batch: OutboundBatch?
    /// Nothing stands between this handler and the socket: no TLS.
    private let isAtSocket: Bool
    private var owesReply = false
    /// The last ping that came while the peer did not take what is sent: earlier ones need no answer (RFC 6455 section
    /// 5.5.3).
    private var pingToAnswer: ByteBuffer?
    private var nextPing: NIOScheduledCallback?
    /// How often the peer was pinged since its last byte.
    private var pingsUnanswered = 0

    /// For `websocket-echo` alone: binary messages come back as they are, where the server refuses them.
    package convenience init(
        echoingBinary maximumMessageSize: Int, isAtSocket: Bool,
        attach: @escaping (WebSocketHandler, any EventLoop) -> any ClientReceiver
    ) {
        self.init(maximumMessageSize: maximumMessageSize, isAtSocket: isAtSocket, attach: attach)
        reader = FrameReader(limit: maximumMessageSize, acceptsBinary: true)
    }

    init(
        maximumMessageSize: Int, isAtSocket: Bool,
        attach: @escaping (WebSocketHandler, any EventLoop) -> any ClientReceiver
    ) {
        self.reader = FrameReader(limit: maximumMessageSize)
        self.isAtSocket = isAtSocket
        self.attach = attach
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        batch = OutboundBatch(context, descriptor: isAtSocket ? context.socket : nil)
        decoder = FrameDecoder(maximumPayload: reader.limit, spares: .ofThisThread)
        let session = attach.take()?(self, context.eventLoop)
        // The session may have closed the socket at once.
        if state == .open { self.session = session }
        schedulePing(context.eventLoop)
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        batch = nil
    }

    package func channelInactive(context: ChannelHandlerContext) { ended() }

    private func ended() {
        state = .closed
        batch?.end()
        nextPing?.cancel()
        nextPing = nil
        session?.clientClosed()
        session = nil
    }

    // MARK: From the client

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .closed else { return }
        pingsUnanswered = 0
        decoder?.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder?.next() { receive(frame, context) }
        } catch .payloadTooLong {
            close(code: CloseCode.messageTooBig.rawValue, reason: "A message may have up to \(reader.limit) bytes.")
        } catch {
            close(code: CloseCode.protocolError.rawValue, reason: "The frame is broken.")
        }
    }

    private func receive(_ frame: Frame, _ context: ChannelHandlerContext) {
        guard state == .open else {
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        switch reader.read(frame) {
        case .message(let message): session?.clientSent(message)
        case .binary(let message): reply(.binary, message)
        case .ping(let payload): if isWritable { reply(.pong, payload) } else { pingToAnswer = payload }
        case .pong, .nothing: break
        case .closed(let code, _): answerClose(code)
        case .fault(let code, let reason): close(code: code.rawValue, reason: reason)
        }
    }

    /// The handler's own, which no session flushes.
    private func reply(_ opcode: Opcode, _ payload: ByteBuffer) {
        batch?.add(opcode, payload)
        owesReply = true
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        session?.clientPaused()
        if owesReply { flush() }
        owesReply = false
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isWritable, state == .open, let payload = pingToAnswer.take() {
            batch?.add(.pong, payload)
            flush()
        }
        session?.clientWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed:
            // The other side is gone without a close frame; the server allows half-closed connections, so that
            // nobody else notices it.
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: session?.serverStops()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// A callback holds neither a promise nor a closure, of which a repeated task has several.
    private struct Ping: NIOScheduledCallbackHandler {
        let handler: NIOLoopBound<WebSocketHandler>

        func handleScheduledCallback(eventLoop: some EventLoop) { handler.value.ping() }
    }

    private func schedulePing(_ eventLoop: any EventLoop) {
        let ping = Ping(handler: NIOLoopBound(self, eventLoop: eventLoop))
        nextPing = try? eventLoop.scheduleCallback(in: Self.pingInterval, handler: ping)
    }

    private func ping() {
        guard state == .open, let context else { return }
        if pingsUnanswered == Self.pingLimit {
            context.close(promise: nil)
        } else {
            pingsUnanswered += 1
            batch?.add(.ping, ByteBuffer())
            flush()
            schedulePing(context.eventLoop)
        }
    }

    // MARK: To the client

    package func send(_ message: ByteBuffer) {
        if state == .open { batch?.add(.text, message) }
    }

    package var isWritable: Bool {
        guard let context, let batch else { return false }
        return context.channel.isWritable && batch.byteCount < Self.batchLimit
    }

    package func flush() { batch?.flush() }

    package func close(code: UInt16, reason: String) {
        guard state == .open, let context else { return }
        var payload = ByteBuffer()
        payload.writeInteger(code)
        // A control frame holds 125 bytes (RFC 6455 section 5.5), two of which are the code.
        payload.writeString(String(decoding: reason.utf8.prefix(123), as: UTF8.self))
        batch?.add(.connectionClose, payload)
        flush()
        state = .closing
        session?.clientClosed()
        session = nil
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closePatience) { bound.value.close(promise: nil) }
    }

    /// Both sides have said that they close, so the server ends the connection (RFC 6455 section 7.1.1).
    private func answerClose(_ code: UInt16?) {
        if code == ClientCloseCode.done.rawValue { session?.clientEnds() }
        close(code: code ?? CloseCode.normal.rawValue, reason: "")
        context?.close(promise: nil)
    }
}
