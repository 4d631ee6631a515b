import NIOCore
import NIOHTTP1

/// Closes the connection of a client that reads its responses too slowly. The client has 30 seconds, plus a second for
/// each 8 KiB.
final class AnswerDeadline: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    static let patience = TimeAmount.seconds(30)
    /// The slowest accepted reader, in bytes per second.
    static let slowest: Int64 = 8_192

    /// Parts that were written but have not reached the kernel. The clock runs while there are any.
    private var unsent = 0
    private var since = NIODeadline.now()
    /// Body bytes written since that time.
    private var size: Int64 = 0
    private var check: Scheduled<Void>?

    private var deadline: NIODeadline { since + Self.patience + .seconds(size / Self.slowest) }

    func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if unsent == 0 {
            since = context.eventLoop.now
            size = 0
            schedule(context)
        }
        unsent += 1
        if case .body(let part) = unwrapOutboundIn(data) { size += Int64(part.readableBytes) }
        let promise = promise ?? context.eventLoop.makePromise()
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent -= 1
            if self.unsent == 0 { self.check?.cancel() }
        }
        context.write(data, promise: promise)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        check = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            if self.deadline <= context.eventLoop.now { context.close(promise: nil) } else { self.schedule(context) }
        }
    }
}
