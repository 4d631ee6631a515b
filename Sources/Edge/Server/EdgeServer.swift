import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
import Page
public import ServiceLifecycle

/// The web server: page, routes and sockets on one port.
///
/// `localhost` has two addresses, and another process on the second one would receive what browsers send to this
/// server. So a server at `127.0.0.1` or at every IPv4 address listens at `[::1]` as well, if the machine has IPv6.
public struct EdgeServer: Service {
    /// Another process listens at `[::1]`, which browsers try first for `http://localhost`.
    public struct LoopbackTaken: Error {
        public let port: Int
    }

    private let host: String
    private let port: Int
    private let edge: EdgeContext
    private let responder: RouterResponder<EdgeRequestContext>
    private let group: any EventLoopGroup
    private let logger: Logger
    private let onRunning: @Sendable (any Channel) async -> Void

    /// Calls `onRunning` with the listening channel when the server listens at all its addresses.
    public init(
        host: String, port: Int, edge: EdgeContext, pageDirectory: String?, group: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) {
        self.host = host == "localhost" ? "127.0.0.1" : host
        self.port = port
        self.edge = edge
        let page = PageFiles(override: pageDirectory)
        if page.form == .sources {
            logger.notice("the page is served as many small files: \"make page-bundle\" makes it load faster")
        }
        responder = Routes(edge: edge, page: page).router().buildResponder()
        self.group = group
        self.logger = logger
        self.onRunning = onRunning
    }

    /// Runs until every client has been served: the listeners and their requests end first, then the sockets. Throws
    /// ``LoopbackTaken``.
    public func run() async throws {
        let (listening, isListening) = AsyncStream<any Channel>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application(at: host, port) { isListening.yield($0) }.run() }
            group.addTask {
                guard let channel = await listening.first(where: { _ in true }) else { return }
                try await runAtLoopback(beside: channel)
            }
            try await group.next()
            try await group.waitForAll()
        }
        await edge.sockets.allClosed()
    }

    private func runAtLoopback(beside channel: any Channel) async throws {
        guard ["0.0.0.0", "127.0.0.1"].contains(host), let port = channel.localAddress?.port else {
            return await onRunning(channel)
        }
        do {
            try await application(at: "::1", port) { _ in await onRunning(channel) }.run()
        } catch let error as IOError where [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode) {
            // The machine has no IPv6.
            await onRunning(channel)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw LoopbackTaken(port: port)
        }
    }

    private func application(
        at host: String, _ port: Int, onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                UpgradeChannel(http: HTTP1Channel(responder: responder), edge: edge)
            },
            configuration: .init(address: .hostname(host, port: port), serverName: "sre-agent"),
            onServerRunning: onRunning, eventLoopGroupProvider: .shared(group), logger: logger)
    }
}
