import CProcess
import Glibc
import JSON
import Logging
import NIOCore
import Relay
import Session

/// One hook or witness that asks: one line with the question, one line with the answer.
final class GateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a witness waits for the hook, which has only to start: a machine's time under load, not a person's.
    private static let patience = TimeAmount.seconds(15)

    private let hub: Hub
    private let roll: HookRoll
    private let logger: Logger
    private var lines = LineSplitter(limit: GateListener.questionLimit)
    private var isAsked = false
    private var isTrusted = false
    /// The hook's question is open.
    private var ticket: HookTicket?
    private var onClose: (() -> Void)?

    init(hub: Hub, roll: HookRoll, logger: Logger) {
        self.hub = hub
        self.roll = roll
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
        guard !isAsked else { return }
        do {
            guard let line = try lines.next() else { return }
            isAsked = true
            let json = try JSONValue(parsing: Array(line.readableBytesView))
            if let witness = json["witness"] { return hear(witness, on: channel) }
            if let call = HookCall(json) { roll.hookCame(call) }
            guard var input = HookInput(json) else {
                return Self.reply(.deny(reason: "The gate cannot read this version's questions."), on: channel)
            }
            if input.toolName == "Bash" { input.complete(from: Transcript.end(of: input.transcriptPath)) }
            ticket = hub.hookAsked(input) { verdict in Self.reply(verdict, on: channel) }
        } catch {
            Self.reply(.deny(reason: "The gate cannot read the question: \(error)."), on: channel)
        }
    }

    /// Where the hook cannot be started nobody is asked, and codex goes on without it: the witness says no.
    private func hear(_ witness: JSONValue, on channel: any Channel) {
        guard let call = HookCall(witness), let cwd = witness["cwd"]?.stringValue else {
            return Self.reply(.deny(reason: "The gate cannot read this version's calls."), on: channel)
        }
        let (roll, logger) = (roll, logger)
        guard let ticket = roll.witness(call, go: { Self.reply([:], on: channel) }) else {
            return Self.reply([:], on: channel)
        }
        let deadline = NIODeadline.now() + Self.patience
        let watch = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(500)) { watch in
            let canCome = WorkingDirectory.canStart(in: cwd)
            guard !canCome || .now() >= deadline else { return }
            watch.cancel()
            guard roll.gaveUp(ticket, on: call) else { return }
            let why = canCome ? "it did not start" : "\(cwd) is not there any more"
            logger.error("a call was stopped: the gate's hook did not come", metadata: ["why": "\(why)"])
            Self.reply(.deny(reason: "The approval gate could ask nobody, so this was not run: \(why)."), on: channel)
        }
        onClose = {
            watch.cancel()
            roll.gaveUp(ticket, on: call)
        }
    }

    private static func reply(_ verdict: HookVerdict, on channel: any Channel) { reply(verdict.json, on: channel) }

    private static func reply(_ answer: JSONValue, on channel: any Channel) {
        let line = ByteBuffer(bytes: answer.serialized() + [0x0A])
        channel.writeAndFlush(line).whenComplete { _ in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let ticket { hub.hookGone(ticket) }
        onClose?()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
