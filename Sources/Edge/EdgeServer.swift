public import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
public import ServiceLifecycle

/// The web server as long as anybody is served: after its listener and its requests, its sockets end.
public struct EdgeService<WebServer: ApplicationProtocol>: Service {
    let application: WebServer
    let sockets: SocketLimiter

    public func run() async throws {
        try await application.run()
        await sockets.allClosed()
    }
}

/// The web server: page, routes and sockets on one port.
public enum EdgeServer {
    /// `onRunning` is called with the listening channel. The application listens when it is run.
    public static func application(
        host: String, port: Int, edge: EdgeContext, pageDirectory: String?, group: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> EdgeService<some ApplicationProtocol> {
        let routes = Routes(edge: edge, page: PageFiles(override: pageDirectory))
        let application = Application(
            router: routes.router(),
            server: HTTPServerBuilder { responder in
                UpgradeChannel(http: HTTP1Channel(responder: responder), edge: edge)
            },
            configuration: .init(address: .hostname(host, port: port), serverName: "sre-agent"),
            onServerRunning: onRunning,
            eventLoopGroupProvider: .shared(group),
            logger: logger)
        return EdgeService(application: application, sockets: edge.sockets)
    }
}
