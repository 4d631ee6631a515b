public import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore

/// The web server: page, routes and sockets on one port.
public enum EdgeServer {
    /// `onRunning` is called with the listening channel. The application listens when it is run.
    public static func application(
        host: String, port: Int, edge: EdgeContext, pageDirectory: String?, group: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> some ApplicationProtocol {
        let routes = Routes(edge: edge, page: PageFiles(override: pageDirectory))
        return Application(
            router: routes.router(),
            server: HTTPServerBuilder { responder in
                UpgradeChannel(http: HTTP1Channel(responder: responder), edge: edge)
            },
            configuration: .init(address: .hostname(host, port: port), serverName: "sre-agent"),
            onServerRunning: onRunning,
            eventLoopGroupProvider: .shared(group),
            logger: logger)
    }
}
