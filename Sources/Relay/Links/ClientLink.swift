public import NIOCore

/// The client's end of a session. Lives on the session's event loop and is called only there.
public protocol ClientLink: AnyObject {
    /// Queues one message for the client; ``flush()`` sends what is queued.
    func send(_ message: ByteBuffer)
    func flush()
    /// Does it take more? When that changes, its ``ClientReceiver`` is told.
    var isWritable: Bool { get }
    func close(code: UInt16, reason: String)
}

/// WebSocket close codes by which clients say more than that they leave: private use (RFC 6455 section 7.4.2).
public enum ClientCloseCode: UInt16 {
    /// The client will not come back to its session.
    case done = 4000
}

/// What a client's socket reports. Called on the socket's event loop.
public protocol ClientReceiver: AnyObject {
    func clientSent(_ message: ByteBuffer)
    /// No more messages for now: time to flush.
    func clientPaused()
    /// ``ClientLink/isWritable`` has changed.
    func clientWritabilityChanged()
    /// The client says that it will not come back: its session need not be kept.
    func clientEnds()
    /// The socket is closed or about to be. Called once, and last.
    func clientClosed()
    /// The server is told to stop: the session closes its socket as soon as no turn runs.
    func serverStops()
}
