public import ConnectorState
import Framing
import NIOCore
import NIOPosix

/// Carries standard input to a server's socket, line by line, and the server's messages to standard output: performs
/// the actions of ``ConnectorState/ConnectorState``.
///
/// Lives on one event loop; only ``run()`` and ``stop(_:)`` may be called from elsewhere.
public final class StdioConnector: Sendable {
    private let bridge: NIOLoopBound<StdioBridge>
    private let ended: EventLoopFuture<ConnectorResult>

    /// `say` receives single lines for people. Throws a ``ConnectorResult`` if `options` cannot be used.
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

    /// Returns at the end, once all the server's messages are written.
    public func run() async throws -> ConnectorResult {
        let bridge = bridge
        bridge.eventLoop.execute { bridge.value.start() }
        return try await ended.get()
    }

    /// Leaves the server, and does not wait for standard output to be read.
    public func stop(_ signal: Int32) {
        let bridge = bridge
        bridge.eventLoop.execute { bridge.value.stop(signal) }
    }
}
