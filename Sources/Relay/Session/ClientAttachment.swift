import NIOCore

/// Attaches a socket to a session until the socket closes or another one takes the session over. Ignores what the
/// socket reports after that.
final class ClientAttachment: ClientReceiver {
    let link: any ClientLink
    private var relay: SessionRelay?

    init(_ link: any ClientLink, at relay: SessionRelay?) {
        self.link = link
        self.relay = relay
    }

    func clientSent(_ message: ByteBuffer) {
        relay?.client.countReceived()
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

    /// Closes the socket and detaches it.
    func close(_ code: SessionCloseCode, _ reason: String) {
        relay = nil
        link.close(code: code.rawValue, reason: reason)
    }
}
