import NIOCore

/// A seat at a session that lives on another event loop than its socket: one that was resumed. Each direction takes
/// one hop per batch of messages, in order.
///
/// Lives on the socket's event loop.
final class RemoteSeat: ClientReceiver {
    private let session: EventLoopFuture<NIOLoopBound<ClientSeat>>
    private var batch: [ByteBuffer] = []

    init(
        _ link: any ClientLink, on eventLoop: any EventLoop, of relay: NIOLoopBound<SessionRelay>, after count: UInt64
    ) {
        let bound = NIOLoopBound(link, eventLoop: eventLoop)
        session = relay.eventLoop.submit {
            let seat = relay.value.attach(RemoteLink(to: bound), after: count)
            return NIOLoopBound(seat, eventLoop: relay.eventLoop)
        }
    }

    /// Invariant: what is put on the session's event loop runs there in this order, and after the seat was taken.
    private func atSession(_ body: @escaping @Sendable (ClientSeat) -> Void) {
        let session = session
        session.eventLoop.execute {
            session.whenSuccess { body($0.value) }
        }
    }

    func clientSent(_ message: ByteBuffer) { batch.append(message) }

    func clientPaused() {
        guard !batch.isEmpty else { return }
        let messages = batch
        batch = []
        atSession { seat in
            for message in messages { seat.clientSent(message) }
            seat.clientPaused()
        }
    }

    func clientWritabilityChanged(_ isWritable: Bool) {
        atSession { $0.clientWritabilityChanged(isWritable) }
    }

    func clientClosed() {
        clientPaused()
        atSession { $0.clientClosed() }
    }

    func serverStops() {
        atSession { $0.serverStops() }
    }
}

/// The socket as the session sees it across event loops.
private final class RemoteLink: ClientLink {
    private let link: NIOLoopBound<any ClientLink>
    private var batch: [ByteBuffer] = []

    init(to link: NIOLoopBound<any ClientLink>) { self.link = link }

    func send(_ message: ByteBuffer) { batch.append(message) }

    func flush() {
        guard !batch.isEmpty else { return }
        let messages = batch
        batch = []
        let link = link
        link.eventLoop.execute {
            for message in messages { link.value.send(message) }
            link.value.flush()
        }
    }

    func close(code: UInt16, reason: String) {
        flush()
        let link = link
        link.eventLoop.execute { link.value.close(code: code, reason: reason) }
    }
}
