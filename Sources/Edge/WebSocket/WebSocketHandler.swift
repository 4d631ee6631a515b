import Framing
import Logging
package import NIOCore
package import Relay
import Session

/// A client's socket after the upgrade: reads frames, passes messages to the session, and writes the session's
/// messages.
package final class WebSocketHandler: ChannelInboundHandler, ClientLink {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// How often the server pings a client. It closes the socket after ``pingLimit`` pings without any byte from the
    /// client: after 60 to 80 seconds of silence.
    static let pingInterval: TimeAmount = .seconds(20)
    static let pingLimit = 3
    /// How long the peer may take to answer a close frame (RFC 6455 section 7.1.1).
    static let closePatience: TimeAmount = .seconds(5)

    private enum State {
        case open
        /// The server sent a close frame and neither reads nor writes anything more. → `closed`
        case closing
        case closed
    }

    /// How many unflushed bytes make the socket count as full. NIO has the same limit for the bytes behind it.
    static let batchLimit = 64 << 10

    private var state = State.open
    /// Set when the handler is added to the pipeline.
    private var decoder: FrameDecoder?
    private var reader: FrameReader
    /// Called once, when the handler is added to the pipeline.
    private var attach: ((WebSocketHandler, any EventLoop) -> any ClientReceiver)?
    private var session: (any ClientReceiver)?
    private var context: ChannelHandlerContext?
    private var batch: OutboundBatch?
    /// nil if permessage-deflate has not been agreed on.
    private let deflate: DeflateAgreement?
    /// Made for the first message that it compresses.
    private var compressor: MessageCompressor?
    /// This handler is next to the socket: no TLS in between.
    private let isAtSocket: Bool
    private var owesReply = false
    /// The last ping that arrived while the socket was not writable. Earlier pings need no pong (RFC 6455 section
    /// 5.5.3).
    private var pingToAnswer: ByteBuffer?
    private var nextPing: NIOScheduledCallback?
    private var pings = true
    /// Pings sent since the peer's last byte.
    private var pingsUnanswered = 0

    /// Only for `websocket-echo`: echoes binary messages, which the server refuses, compresses everything, and sends no
    /// pings, which Autobahn's cases do not expect.
    package convenience init(
        echoingBinary maximumMessageSize: Int, isAtSocket: Bool, deflate: DeflateAgreement?,
        attach: @escaping (WebSocketHandler, any EventLoop) -> any ClientReceiver
    ) {
        self.init(
            maximumMessageSize: maximumMessageSize, isAtSocket: isAtSocket, deflate: deflate.map(\.compressingAll),
            attach: attach)
        pings = false
        reader = FrameReader(limit: maximumMessageSize, acceptsBinary: true)
        reader.acceptsCompressed = deflate != nil
    }

    init(
        maximumMessageSize: Int, isAtSocket: Bool, deflate: DeflateAgreement? = nil,
        attach: @escaping (WebSocketHandler, any EventLoop) -> any ClientReceiver
    ) {
        self.reader = FrameReader(limit: maximumMessageSize)
        self.deflate = deflate
        reader.acceptsCompressed = deflate != nil
        self.isAtSocket = isAtSocket
        self.attach = attach
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        batch = OutboundBatch(context, descriptor: isAtSocket ? context.socket : nil)
        decoder = FrameDecoder(maximumPayload: reader.limit, spares: .ofThisThread)
        let session = attach.take()?(self, context.eventLoop)
        // The session may have closed the socket right away.
        if state == .open { self.session = session }
        if pings { schedulePing(context.eventLoop) }
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

    /// Sends a frame of the handler's own, which no session flushes.
    private func reply(_ opcode: Opcode, _ payload: ByteBuffer) {
        add(opcode, payload)
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
            // The peer is gone without a close frame. The server allows half-closed connections, so no other handler
            // notices.
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: session?.serverStops()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// A scheduled callback needs neither promise nor closure; a repeated task has several.
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
        if state == .open { add(.text, message) }
    }

    private func add(_ opcode: Opcode, _ message: ByteBuffer) {
        guard let deflate, deflate.compresses(opcode, message) else {
            batch?.add(opcode, message)
            return
        }
        if compressor == nil { compressor = deflate.compressor() }
        if let compressed = compressor?.compressed(message) {
            batch?.add(compressed: compressed, opcode)
        } else {
            batch?.add(opcode, message)
        }
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
        // A control frame holds 125 bytes (RFC 6455 section 5.5), and the code takes two of them.
        payload.writeString(String(decoding: reason.utf8.prefix(123), as: UTF8.self))
        batch?.add(.connectionClose, payload)
        flush()
        state = .closing
        session?.clientClosed()
        session = nil
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closePatience) { bound.value.close(promise: nil) }
    }

    /// Both sides have sent a close frame, so the server ends the connection (RFC 6455 section 7.1.1).
    private func answerClose(_ code: UInt16?) {
        if code == ClientCloseCode.done.rawValue { session?.clientEnds() }
        close(code: code ?? CloseCode.normal.rawValue, reason: "")
        context?.close(promise: nil)
    }
}
