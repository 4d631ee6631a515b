public import ConnectorState
import Framing
import NIOCore
import NIOPosix

/// Carries standard input to a server's socket, line by line, and its messages to standard output: performs what
/// ``ConnectorState/ConnectorState`` decides.
///
/// Lives on one event loop; only ``run()`` and ``stop(_:)`` are called from elsewhere.
public final class StdioConnector: Sendable {
    private let bridge: NIOLoopBound<StdioBridge>
    private let ended: EventLoopFuture<ConnectorResult>

    /// `say` is given single lines for people. Throws a ``ConnectorResult`` when `options` cannot be used.
    public init(_ options: ConnectorOptions, say: @escaping @Sendable (String) -> Void) async throws {
        let opener = try SocketOpener(options)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: ConnectorResult.self)
        ended = promise.futureResult
        bridge = try await eventLoop.submit {
            let bridge = StdioBridge(opener, options, on: eventLoop, say: say, ended: promise)
            return NIOLoopBound(bridge, eventLoop: eventLoop)
        }.get()
    }

    /// Returns at the end, when all that the server said is out.
    public func run() async throws -> ConnectorResult {
        let bridge = bridge
        bridge.eventLoop.execute { bridge.value.start() }
        return try await ended.get()
    }

    /// Leaves the server, and does not wait for whoever reads standard output.
    public func stop(_ signal: Int32) {
        let bridge = bridge
        bridge.eventLoop.execute { bridge.value.stop(signal) }
    }
}
