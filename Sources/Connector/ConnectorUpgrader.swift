import NIOCore
import NIOHTTP1
import NIOWebSocket

/// NIO's client-side WebSocket handshake without NIO's frame handlers: ``ServerSocket`` reads the frames itself.
struct ConnectorUpgrader: NIOTypedHTTPClientProtocolUpgrader {
    typealias UpgradeResult = NIOLoopBound<ServerSocket>?

    private let handshake: NIOTypedWebSocketClientUpgrader<UpgradeResult>
    private let receiver: NIOLoopBound<any ServerSocketReceiver>

    init(receiver: NIOLoopBound<any ServerSocketReceiver>) {
        self.receiver = receiver
        handshake = NIOTypedWebSocketClientUpgrader { channel, _ in
            channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
        }
    }

    var supportedProtocol: String { handshake.supportedProtocol }
    var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

    func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
        handshake.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
    }

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        handshake.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
    }

    func upgrade(channel: any Channel, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<UpgradeResult> {
        channel.eventLoop.makeCompletedFuture {
            let socket = ServerSocket(receiver: receiver.value)
            let faults = try channel.pipeline.syncOperations.handler(type: HandshakeFaults.self)
            channel.pipeline.syncOperations.removeHandler(faults, promise: nil)
            try channel.pipeline.syncOperations.addHandler(socket)
            return NIOLoopBound(socket, eventLoop: channel.eventLoop)
        }
    }
}

/// Catches errors before the socket exists, which NIO's upgrade handler does not report.
final class HandshakeFaults: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let upgraded: EventLoopPromise<NIOLoopBound<ServerSocket>>

    init(_ upgraded: EventLoopPromise<NIOLoopBound<ServerSocket>>) { self.upgraded = upgraded }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        upgraded.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        upgraded.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
