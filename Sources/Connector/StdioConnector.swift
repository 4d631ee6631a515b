public import ConnectorState
import Framing
import NIOCore
import NIOPosix

/// Carries standard input to a server's socket, line by line, and its messages to standard output: performs what
/// ``ConnectorState/ConnectorState`` decides.
///
/// Lives on one event loop; only ``run()`` and ``stop(_:)`` are called from elsewhere.
public final class StdioConnector: Sendable {
    private let carrier: NIOLoopBound<Carrier>
    private let ended: EventLoopFuture<ConnectorEnd>

    /// `say` is given single lines for people. Throws a ``ConnectorEnd`` when `options` cannot be used.
    public init(_ options: ConnectorOptions, say: @escaping @Sendable (String) -> Void) async throws {
        let opener = try SocketOpener(options)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: ConnectorEnd.self)
        ended = promise.futureResult
        carrier = try await eventLoop.submit {
            let carrier = Carrier(opener, options, on: eventLoop, say: say, ended: promise)
            return NIOLoopBound(carrier, eventLoop: eventLoop)
        }.get()
    }

    /// Returns at the end, when all that the server said is out.
    public func run() async throws -> ConnectorEnd {
        let carrier = carrier
        carrier.eventLoop.execute { carrier.value.start() }
        return try await ended.get()
    }

    /// Leaves the server, and does not wait for whoever reads standard output.
    public func stop(_ signal: Int32) {
        let carrier = carrier
        carrier.eventLoop.execute { carrier.value.stop(signal) }
    }
}
