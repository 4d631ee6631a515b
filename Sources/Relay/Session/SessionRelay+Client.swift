import AuditRecord
import NIOCore
import Session

/// The client's side: one socket after another.
extension SessionRelay {
    /// The maximum number of messages that a client may send before its first agent is there.
    private static let waitingLimit = 1_000

    /// Attaches another socket and closes the one before, unless that was accepted later: `number` orders sockets by
    /// when the server accepted them.
    func attach(_ link: any ClientLink, client context: ClientContext, number: UInt64, after count: UInt64)
        -> ClientAttachment
    {
        guard case .resumable(let id, _, _, let onChange) = keeping, !agent.isClosed else {
            return refuse(link, .ended, "This session has ended. Open a new one.")
        }
        guard client.accepts(number: number) else {
            return refuse(link, .takenOver, "This session was opened elsewhere.")
        }
        session.client = context
        note(.sessionResumed)
        onChange(.attended)
        client.attachment?.close(.takenOver, "This session was opened elsewhere.")
        let attachment = ClientAttachment(link, at: self)
        let resumption = client.resume(attachment, after: count)
        link.send(ByteBuffer(bytes: SessionNotice(sessionID: id, resumption, received: client.received).message))
        sendBuffered()
        if case .gap = resumption {
            let id = session.id
            hub.event { coordinator, _ in coordinator.showAgain(to: id) }
        }
        updateReading()
        return attachment
    }

    private func refuse(_ link: any ClientLink, _ code: SessionCloseCode, _ reason: String) -> ClientAttachment {
        let attachment = ClientAttachment(link, at: nil)
        attachment.close(code, reason)
        return attachment
    }

    /// The principal's sign-in has ended. A resumable session goes on without the socket.
    func signedOut(_ reason: String) {
        guard let attachment = client.attachment else { return }
        attachment.close(.signedOut, reason)
        clientLeft()
    }

    func clientSent(_ message: ByteBuffer) {
        switch agent.state {
        case .connecting:
            if agent.hold(message) > Self.waitingLimit { giveUpWaiting("The agent is slow to start.") }
        case .attached, .absent:
            let outcome = message.withUnsafeReadableBytes { session.receiveFromClient($0, now: WallClock.now) }
            switch outcome {
            case .forward:
                recordNotes()
                sendToAgent(message)
            case .act(let actions): perform(actions, forward: { self.sendToAgent(message) })
            }
        case .closed: break
        }
    }

    func clientPaused() { flushLater() }

    func clientWritabilityChanged() {
        sendBuffered()
        updateReading()
    }
}
