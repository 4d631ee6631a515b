import NIOCore
import Session

/// Attaches a socket to a resumed session on another event loop. Each direction takes one hop per batch of messages,
/// in order.
///
/// Lives on the socket's event loop.
final class CrossLoopAttachment: ClientReceiver {
    private struct Ends {
        let attachment: ClientAttachment
        let link: CrossLoopLink
    }

    private let session: EventLoopFuture<NIOLoopBound<Ends>>
    private let socket: any ClientLink
    private var batch: [ByteBuffer] = []

    init(
        _ link: any ClientLink, on eventLoop: any EventLoop, client: ClientContext, number: UInt64,
        at relay: NIOLoopBound<SessionRelay>,
        after count: UInt64
    ) {
        socket = link
        let bound = NIOLoopBound(link, eventLoop: eventLoop)
        session = relay.eventLoop.submit {
            let link = CrossLoopLink(to: bound, from: relay.eventLoop)
            let attachment = relay.value.attach(link, client: client, number: number, after: count)
            link.onWritabilityChange = { [weak attachment] in attachment?.clientWritabilityChanged() }
            return NIOLoopBound(Ends(attachment: attachment, link: link), eventLoop: relay.eventLoop)
        }
    }

    /// Invariant: bodies run on the session's event loop in the order of the calls, after the socket was attached.
    private func atSession(_ body: @escaping @Sendable (Ends) -> Void) {
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
        atSession { ends in
            for message in messages { ends.attachment.clientSent(message) }
            ends.attachment.clientPaused()
        }
    }

    func clientWritabilityChanged() {
        let isWritable = socket.isWritable
        atSession { $0.link.socketWritabilityChanged(isWritable) }
    }

    func clientEnds() {
        clientPaused()
        atSession { $0.attachment.clientEnds() }
    }

    func clientClosed() {
        clientPaused()
        atSession { $0.attachment.clientClosed() }
    }

    func serverStops() {
        atSession { $0.attachment.serverStops() }
    }
}
