import NIOCore
import NIOHTTP1
import NIOWebSocket
import Relay

/// NIO's client-side WebSocket handshake without NIO's frame handlers: ``SocketLink`` reads the frames itself.
struct AgentSocketUpgrader: NIOTypedHTTPClientProtocolUpgrader {
    typealias UpgradeResult = NIOLoopBound<any AgentLink>
    typealias Open = @Sendable (any Channel) -> EventLoopFuture<UpgradeResult>

    private let handshake: NIOTypedWebSocketClientUpgrader<UpgradeResult>
    private let open: Open

    init(open: @escaping Open) {
        handshake = NIOTypedWebSocketClientUpgrader(upgradePipelineHandler: { channel, _ in open(channel) })
        self.open = open
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
        open(channel)
    }
}
