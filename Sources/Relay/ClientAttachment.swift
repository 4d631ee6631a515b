import NIOCore

/// A socket's attachment to a session, until the socket closes or another takes the session over.
///
/// What the socket reports after that concerns nobody any more, so it ends here.
final class ClientAttachment: ClientReceiver {
    let link: any ClientLink
    private var relay: SessionRelay?

    init(_ link: any ClientLink, at relay: SessionRelay?) {
        self.link = link
        self.relay = relay
    }

    func clientSent(_ message: ByteBuffer) {
        relay?.received += 1
        relay?.clientSent(message)
    }

    func clientPaused() { relay?.clientPaused() }
    func clientWritabilityChanged() { relay?.clientWritabilityChanged() }
    func serverStops() { relay?.serverStops() }

    func clientEnds() {
        let relay = relay
        self.relay = nil
        relay?.end()
    }

    func clientClosed() {
        let relay = relay
        self.relay = nil
        relay?.clientLeft()
    }

    /// The session is looked at by another socket, or is over.
    func close(_ code: SessionCloseCode, _ reason: String) {
        relay = nil
        link.close(code: code.rawValue, reason: reason)
    }
}

/// WebSocket close codes by which a session ends its socket: private use (RFC 6455 section 7.4.2), but for the first.
enum SessionCloseCode: UInt16 {
    /// The server stops.
    case goingAway = 1001
    /// Another socket has taken the session over. Coming back at once would take it from that one.
    case takenOver = 4001
    /// The sign-in has ended: the token was revoked or has expired, or the person signed out.
    case signedOut = 4003
    /// The session ended while the socket asked for it. A new one may be opened.
    case ended = 4004
    /// The client reads too slowly for what is kept of its session.
    case tooSlow = 4008
}
