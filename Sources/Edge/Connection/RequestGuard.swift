import NIOCore
import NIOHTTP1

/// Passes complete requests on, and rejects malformed or ambiguous ones at once (RFC 9112 sections 2.2, 3.2, 5.2, 6,
/// 7.1). Closes the connection after a rejection and after the last request. NIO's decoder reports most faults as
/// errors that no other handler answers: a route waiting for a body would keep waiting.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// In bytes. Only `POST /api/v1/sre/login` has a body, and a token is short.
    static let maximumBodySize = 16_384
    /// The time for a complete request, from its head. For the first request, from when the connection opens.
    static let deadline = TimeAmount.seconds(10)
    /// How long the server keeps reading from a client that still sends, so that the response reaches it.
    private static let patience = TimeAmount.seconds(1)

    /// The request being read.
    private var reading: (head: HTTPRequestHead, body: ByteBuffer?)?
    /// Requests without a complete response. Their responses go first.
    private var unanswered = 0
    private var fault: RequestFault?
    private var isHead = false
    /// Nothing is read after the requests being answered.
    private var isLast = false
    private var owesContinue = false
    private var deadline: Scheduled<Void>?
    private let onBusy: (Bool) -> Void

    /// Calls `onBusy` when the connection gets its first unanswered request, and when it has none left.
    init(onBusy: @escaping (Bool) -> Void = { _ in }) { self.onBusy = onBusy }

    func handlerAdded(context: ChannelHandlerContext) { startDeadline(context) }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard fault == nil, !isLast else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if deadline == nil { startDeadline(context) }
            isHead = head.method == .HEAD
            do throws(RequestFault) { reading = (try RequestHeadCheck.read(head), nil) } catch {
                return refuse(error, context)
            }
            owesContinue = RequestHeadCheck.expectsContinue(head)
            sendContinue(context)
        case .body(var part):
            owesContinue = false
            guard (reading?.body?.readableBytes ?? 0) + part.readableBytes <= Self.maximumBodySize else {
                return refuse(.tooLarge, context)
            }
            if reading?.body?.writeBuffer(&part) == nil { reading?.body = part }
        case .end: handOn(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(error == .headerOverflow ? .tooLong : .unreadable, context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // NIO's upgrade handler closes on the end of input if it has seen no head. The response must go first.
        if fault != nil, event as? ChannelEvent == .inputClosed { return }
        if event is ChannelShouldQuiesceEvent, unanswered == 0 { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast && unanswered == 1 && head.status.code >= 200:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unanswered -= 1
            guard unanswered == 0 else { return context.write(data, promise: promise) }
            onBusy(false)
            let promise = promise ?? context.eventLoop.makePromise()
            if isLast { finish(context, after: promise.futureResult) }
            context.write(data, promise: promise)
            if fault != nil { answer(context) } else { sendContinue(context) }
        default: context.write(data, promise: promise)
        }
    }

    // MARK: Reading

    private func startDeadline(_ context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.deadline) {
            self.deadline = nil
            if self.reading != nil { self.refuse(.tooSlow, context) } else { context.close(promise: nil) }
        }
    }

    private func handOn(_ context: ChannelHandlerContext) {
        guard let (head, body) = reading else { return }
        reading = nil
        owesContinue = false
        deadline?.cancel()
        deadline = nil
        unanswered += 1
        if unanswered == 1 { onBusy(true) }
        // NIO's decoder reads nothing after a request to switch protocols, whether or not the server grants it.
        isLast = !head.isKeepAlive || head.headers.contains(name: "Upgrade")
        context.fireChannelRead(wrapInboundOut(.head(head)))
        if let body { context.fireChannelRead(wrapInboundOut(.body(body))) }
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }

    private func sendContinue(_ context: ChannelHandlerContext) {
        guard owesContinue, unanswered == 0 else { return }
        owesContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: The last answer

    private func refuse(_ fault: RequestFault, _ context: ChannelHandlerContext) {
        guard self.fault == nil, !isLast else { return }
        self.fault = fault
        reading = nil
        deadline?.cancel()
        if unanswered == 0 { answer(context) }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let fault else { return }
        let answer = ErrorBody.lastAnswer(fault.status, fault.message, fault.headers)
        for part in isHead ? answer.prefix(1) : answer.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        finish(context, after: written.futureResult)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func finish(_ context: ChannelHandlerContext, after written: EventLoopFuture<Void>) {
        let channel = context.channel
        written.whenComplete { _ in
            channel.close(mode: .output, promise: nil)
            channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        }
    }
}
