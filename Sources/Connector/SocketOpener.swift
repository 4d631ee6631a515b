import ConnectorState
import Framing
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Connects to the server and opens a WebSocket.
struct SocketOpener {
    /// From the first packet to the session's first frame.
    static let patience: TimeAmount = .seconds(10)

    private let options: ConnectorOptions
    private let tls: NIOSSLContext?

    /// Throws a ``ConnectorResult`` if the certificates in `options` cannot be used.
    init(_ options: ConnectorOptions) throws(ConnectorResult) {
        self.options = options
        guard options.address.isEncrypted else {
            tls = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let path = options.authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            }
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            let file = options.authorities.map { "--ca-file \($0)" } ?? "The system's certificates"
            throw ConnectorResult(.usage, "\(file) cannot be used: it must contain certificates in PEM form.")
        }
    }

    /// Fails with a ``Refusal/Answer`` if the server refuses the upgrade. The socket and `receiver` live on
    /// `eventLoop`.
    func open(query: String, on eventLoop: any EventLoop, receiver: NIOLoopBound<any ServerSocketReceiver>)
        -> EventLoopFuture<NIOLoopBound<ServerSocket>>
    {
        let upgraded = eventLoop.makePromise(of: NIOLoopBound<ServerSocket>.self)
        let (address, tls) = (options.address, tls)
        let head = requestHead(query)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(Self.patience)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
                upgraded.futureResult.whenComplete { _ in deadline.cancel() }
                return channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let name = Self.isAddress(address.host) ? nil : address.host
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    let upgrade = NIOTypedHTTPClientUpgradeConfiguration(
                        upgradeRequestHead: head, upgraders: [ConnectorUpgrader(receiver: receiver)],
                        notUpgradingCompletionHandler: { channel in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(Refusal(upgraded))
                                return nil
                            }
                        })
                    var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
                    // The session's first frame often arrives with the upgrade response.
                    configuration.leftOverBytesStrategy = .forwardBytes
                    try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                        configuration: configuration
                    ).whenComplete { result in
                        switch result {
                        case .success(let socket?): upgraded.succeed(socket)
                        case .success(nil): break  // `Refusal` is reading the response.
                        // One of several addresses may be unreachable; `connect` reports that.
                        case .failure(let error): if channel.isActive { upgraded.fail(error) }
                        }
                    }
                    // Added last, so that it catches the errors of all other handlers.
                    try channel.pipeline.syncOperations.addHandler(HandshakeFaults(upgraded))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { upgraded.fail($0) }
        return upgraded.futureResult
    }

    private func requestHead(_ query: String) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: options.address.target(query))
        head.headers.add(name: "Host", value: options.address.hostHeader)
        if let token = options.token { head.headers.add(name: "Authorization", value: token.header) }
        return head
    }

    private static func isAddress(_ host: String) -> Bool {
        (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// Describes an error for people.
    static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let dns = error.dnsAError ?? error.dnsAAAAError, error.connectionErrors.isEmpty { return words(dns) }
            return error.connectionErrors.first.map { words($0.error) } ?? "it does not answer."
        case let error as IOError: return "\(String(cString: strerror(error.errnoCode)))."
        case is SocketAddressError: return "the host name cannot be resolved."
        case let error as NIOSSLError:
            if case .handshakeFailed(let reason) = error { return "the TLS handshake failed: \(reason)." }
            return "TLS: \(error)."
        case let error as ChannelError:
            if case .connectTimeout = error { return "it does not answer." }
            return "the connection ended too early."
        default: return "\(error)."
        }
    }
}
