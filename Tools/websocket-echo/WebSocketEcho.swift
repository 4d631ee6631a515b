import Edge
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Relay

/// The server's own WebSocket handlers in front of an echo, to test them as a whole against RFC 6455.
/// Listens on a free loopback port and prints it.
@main
struct WebSocketEcho {
    static let maximumMessageSize = 64 << 20

    static func main() async throws {
        let upgrader = WebSocketUpgrader<Void>(
            admit: { channel, head in
                channel.eventLoop.makeSucceededFuture(DeflateAgreement(head.headers)?.headers ?? HTTPHeaders())
            },
            open: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let handler = WebSocketHandler(
                        echoingBinary: maximumMessageSize, isAtSocket: true,
                        deflate: DeflateAgreement(head.headers)
                    ) { handler, _ in Echo(handler) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            })
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Void>(
                        upgraders: [upgrader], notUpgradingCompletionHandler: { $0.close() })
                    _ = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                        configuration: .init(upgradeConfiguration: upgrade))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        print(server.localAddress?.port ?? 0)
        fflush(nil)
        try await server.closeFuture.get()
    }
}

/// Sends every text message back.
private final class Echo: ClientReceiver {
    private let link: any ClientLink

    init(_ link: any ClientLink) { self.link = link }

    func clientSent(_ message: ByteBuffer) { link.send(message) }
    func clientPaused() { link.flush() }
    func clientWritabilityChanged() {}
    func clientEnds() {}
    func clientClosed() {}
    func serverStops() {}
}
