public import NIOCore

/// A session's connection to its client. Called only on the session's event loop.
public protocol ClientLink: AnyObject {
    /// Queues one message for the client; ``flush()`` sends what is queued.
    func send(_ message: ByteBuffer)
    func flush()
    /// Whether more messages should be sent now. The ``ClientReceiver`` is told of changes, also from within
    /// ``send(_:)`` and ``flush()``.
    var isWritable: Bool { get }
    func close(code: UInt16, reason: String)
}

/// WebSocket close codes of clients that mean more than a closed socket: private use (RFC 6455 section 7.4.2).
public enum ClientCloseCode: UInt16 {
    /// The client will not resume its session.
    case done = 4000
}

/// Receives what a client's socket reports. Called on the socket's event loop.
public protocol ClientReceiver: AnyObject {
    func clientSent(_ message: ByteBuffer)
    /// No more messages for now. Flush.
    func clientPaused()
    /// ``ClientLink/isWritable`` has changed.
    func clientWritabilityChanged()
    /// The client will not resume its session, so the session ends.
    func clientEnds()
    /// The socket is closed or about to be. Called once, and last.
    func clientClosed()
    /// The server is stopping. The session closes its socket as soon as no turn runs.
    func serverStops()
}
