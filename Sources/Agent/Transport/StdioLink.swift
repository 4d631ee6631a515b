import Framing
import Glibc
import NIOCore
import Relay
import Session

/// A session's own agent on the pipes of a child process: one JSON-RPC message per line.
final class StdioLink: ChannelInboundHandler, AgentLink {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long an agent may take to end after its input was closed.
    static let endPatience: TimeAmount = .seconds(10)

    let info: AgentInfo
    private let child: ChildProcess
    private let receiver: any AgentReceiver
    private var lines: LineSplitter
    private var context: ChannelHandlerContext?
    private var batch: OutboundBatch?
    private var closeReason = "The agent ended."
    /// A duplicate of the agent's input: NIO silently closes its own descriptor when the agent closes its end.
    private var input: CInt

    /// `input` is the write end of the agent's input. The caller keeps owning it.
    init(info: AgentInfo, child: ChildProcess, receiver: any AgentReceiver, input: CInt, maximumMessageSize: Int) {
        self.info = info
        self.child = child
        self.receiver = receiver
        self.lines = LineSplitter(limit: maximumMessageSize)
        self.input = fcntl(input, F_DUPFD_CLOEXEC, 0)
    }

    deinit { closeInput() }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        batch = OutboundBatch(context, descriptor: input < 0 ? nil : input)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        batch = nil
    }

    // MARK: From the agent

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.append(unwrapInboundIn(data))
        do {
            while let line = try lines.next() {
                if line.readableBytes > 0 { receiver.agentSent(line) }
            }
        } catch {
            closeReason = "The agent wrote a line of more than \(lines.limit) bytes."
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { receiver.agentPaused() }

    /// The agent closed its output, so it is ending.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        batch?.end()
        closeInput()
        // codex ends when its input closes; kill it if it hangs.
        let child = child
        context.eventLoop.scheduleTask(in: Self.endPatience) { child.signalGroup(SIGKILL) }
        receiver.agentClosed(closeReason)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        closeReason = "The connection to the agent broke: \(error)."
        context.close(promise: nil)
    }

    // MARK: To the agent

    func send(_ message: ByteBuffer) { batch?.add(line: message.onOneLine) }

    func flush() { batch?.flush() }

    private func closeInput() {
        if input >= 0 { Glibc.close(input) }
        input = -1
    }

    func setReading(_ isReading: Bool) {
        guard let channel = context?.channel else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    func close() {
        flush()
        context?.close(promise: nil)
    }

    func abandon() {
        closeReason = "The agent sent nothing, so it was ended."
        child.signalGroup(SIGKILL)
        context?.close(promise: nil)
    }
}
