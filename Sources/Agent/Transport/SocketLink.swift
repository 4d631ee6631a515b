import NIOCore
import NIOWebSocket
import Relay
import Session

/// A connection of one session to the shared agent: a WebSocket over a unix socket, one message per text frame.
final class SocketLink: ChannelInboundHandler, AgentLink {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// codex drops a connection that sends a larger frame (it takes 16 MiB), and takes larger messages in fragments.
    static let fragmentSize = 8 << 20

    let facts: AgentFacts
    private let receiver: any AgentReceiver
    private var context: ChannelHandlerContext?
    private var closeReason = "The agent ended."
    /// RFC 6455 section 5.3 asks clients to mask with an unpredictable key, to protect proxies on the way. A unix
    /// socket has none, so a constant does.
    private let mask = WebSocketMaskingKey([0, 0, 0, 0])

    private let maximumMessageSize: Int

    init(facts: AgentFacts, receiver: any AgentReceiver, maximumMessageSize: Int) {
        self.facts = facts
        self.receiver = receiver
        self.maximumMessageSize = maximumMessageSize
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: From the agent

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: receiver.agentSent(frame.data)
        case .ping:
            write(frame.data, .pong, isLast: true)
            context.flush()
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { receiver.agentPaused() }

    func channelInactive(context: ChannelHandlerContext) { receiver.agentClosed(closeReason) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength, is NIOWebSocketFrameAggregator.Error:
            closeReason = "The agent wrote a message of more than \(maximumMessageSize) bytes."
        default: closeReason = "The connection to the agent broke: \(error)."
        }
        context.close(promise: nil)
    }

    // MARK: To the agent

    func send(_ message: ByteBuffer) {
        var rest = message
        var opcode = WebSocketOpcode.text
        while let fragment = rest.readSlice(length: min(rest.readableBytes, Self.fragmentSize)) {
            write(fragment, opcode, isLast: rest.readableBytes == 0)
            if rest.readableBytes == 0 { return }
            opcode = .continuation
        }
    }

    private func write(_ data: ByteBuffer, _ opcode: WebSocketOpcode, isLast: Bool) {
        guard let context else { return }
        let frame = WebSocketFrame(fin: isLast, opcode: opcode, maskKey: mask, data: data)
        context.write(wrapOutboundOut(frame), promise: nil)
    }

    func flush() { context?.flush() }

    func setReading(_ isReading: Bool) {
        guard let channel = context?.channel else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    func close() { context?.close(promise: nil) }

    func abandon() {}
}
