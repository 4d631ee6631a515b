package import NIOCore
package import NIOHTTP1
import NIOWebSocket

/// NIO's WebSocket handshake without NIO's frame handlers. ``WebSocketHandler`` handles everything after it.
package struct WebSocketUpgrader<UpgradeResult: Sendable>: NIOTypedHTTPServerProtocolUpgrader {
    package typealias Open = @Sendable (any Channel, HTTPRequestHead) -> EventLoopFuture<UpgradeResult>

    private let handshake: NIOTypedWebSocketServerUpgrader<UpgradeResult>
    private let open: Open

    /// `admit` returns the headers of the 101 response, or nil or an error to refuse the upgrade. `open` sets up the
    /// socket.
    package init(
        admit: @escaping @Sendable (any Channel, HTTPRequestHead) -> EventLoopFuture<HTTPHeaders?>,
        open: @escaping Open
    ) {
        handshake = NIOTypedWebSocketServerUpgrader(shouldUpgrade: admit, upgradePipelineHandler: open)
        self.open = open
    }

    package var supportedProtocol: String { handshake.supportedProtocol }
    package var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

    package func buildUpgradeResponse(
        channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        handshake.buildUpgradeResponse(
            channel: channel, upgradeRequest: upgradeRequest, initialResponseHeaders: initialResponseHeaders)
    }

    package func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<UpgradeResult> {
        open(channel, upgradeRequest)
    }
}
