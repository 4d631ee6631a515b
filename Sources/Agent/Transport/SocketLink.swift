import Framing
import NIOCore
import Relay
import Session

/// One session's connection to the shared agent: a WebSocket over a Unix socket, one message per text frame.
final class SocketLink: ChannelInboundHandler, AgentLink {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// codex closes a connection that sends a frame larger than 16 MiB, but accepts larger messages in fragments.
    static let fragmentSize = 8 << 20

    let info: AgentInfo
    private let receiver: any AgentReceiver
    private var context: ChannelHandlerContext?
    private var batch: OutboundBatch?
    private let maximumMessageSize: Int
    /// Set once the handler is in the pipeline.
    private var decoder: FrameDecoder?
    /// The received fragments of an unfinished message.
    private var fragments: ByteBuffer?
    private var closeReason = "The agent ended."

    init(info: AgentInfo, receiver: any AgentReceiver, maximumMessageSize: Int) {
        self.info = info
        self.receiver = receiver
        self.maximumMessageSize = maximumMessageSize
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        batch = OutboundBatch(context, descriptor: context.socket)
        decoder = FrameDecoder(maximumPayload: maximumMessageSize, spares: .ofThisThread)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        batch = nil
    }

    // MARK: From the agent

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder?.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder?.next() { try receive(frame, context) }
        } catch .payloadTooLong {
            closeReason = "The agent wrote a message of more than \(maximumMessageSize) bytes."
            context.close(promise: nil)
        } catch {
            closeReason = "The agent wrote a broken WebSocket frame."
            context.close(promise: nil)
        }
    }

    private func receive(_ frame: Frame, _ context: ChannelHandlerContext) throws(FrameFault) {
        switch frame.opcode {
        case .text where frame.isFinal: receiver.agentSent(frame.payload)
        case .text: fragments = frame.payload
        case .continuation: try goOn(with: frame)
        case .ping:
            batch?.add(.pong, frame.payload, isMasked: true)
            flush()
        case .connectionClose: context.close(promise: nil)
        case .binary, .pong, nil: break
        }
    }

    private func goOn(with frame: Frame) throws(FrameFault) {
        guard (fragments?.readableBytes ?? 0) + frame.payload.readableBytes <= maximumMessageSize else {
            throw .payloadTooLong
        }
        // Append in place, so that a message of many small fragments is not copied for each of them.
        fragments?.writeImmutableBuffer(frame.payload)
        guard frame.isFinal, let message = fragments.take() else { return }
        receiver.agentSent(message)
    }

    func channelReadComplete(context: ChannelHandlerContext) { receiver.agentPaused() }

    func channelInactive(context: ChannelHandlerContext) {
        batch?.end()
        receiver.agentClosed(closeReason)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        closeReason = "The connection to the agent broke: \(error)."
        context.close(promise: nil)
    }

    // MARK: To the agent

    func send(_ message: ByteBuffer) {
        var rest = message
        var opcode = Opcode.text
        while let fragment = rest.readSlice(length: min(rest.readableBytes, Self.fragmentSize)) {
            batch?.add(opcode, fragment, isFinal: rest.readableBytes == 0, isMasked: true)
            if rest.readableBytes == 0 { return }
            opcode = .continuation
        }
    }

    func flush() { batch?.flush() }

    func setReading(_ isReading: Bool) {
        guard let channel = context?.channel else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    func close() {
        flush()
        context?.close(promise: nil)
    }

    func abandon() {}
}
