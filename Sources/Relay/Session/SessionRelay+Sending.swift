import NIOCore
import Session

/// Sending to the client and to the agent, and flushing.
extension SessionRelay {
    /// Writes one message to the client, or keeps it until the client can be written to.
    func sendToClient(_ message: ByteBuffer) {
        guard session.client.principal.seesMasked else { return deliver(message) }
        let masked = message.withUnsafeReadableBytes { hub.viewerMask.masked(message: $0) }
        deliver(masked.map { ByteBuffer(bytes: $0) } ?? message)
    }

    private func deliver(_ message: ByteBuffer) {
        switch message.withUnsafeReadableBytes({ client.replayBuffer.append($0) }) {
        case .write: client.attachment?.link.send(message)
        case .hold: break
        case .overflow:
            client.attachment?.close(.tooSlow, "This client reads too slowly: more waits for it than is kept.")
            clientLeft()
        }
    }

    /// Writes as many buffered frames as the socket takes. The socket reports changes of its writability from within
    /// send and flush, so this method may be called again meanwhile, and asks the socket after each step.
    func sendBuffered() {
        guard let link = client.beginSending() else { return }
        repeat {
            client.replayBuffer.setWritable(true)
            while link.isWritable, let frame = client.replayBuffer.next() { link.send(ByteBuffer(bytes: frame)) }
            link.flush()
        } while link.isWritable && client.replayBuffer.isBehind
        client.endSending(isWritable: link.isWritable)
    }

    /// Back-pressure: an agent of the session's own waits for a slow socket, so nothing is lost. A shared agent does
    /// not, and neither does the agent of a session without a socket.
    func updateReading() {
        guard let link = agent.link else { return }
        link.setReading(link.info.isShared || !client.isFull)
    }

    func sendToAgent(_ message: ByteBuffer) { agent.link?.send(message) }

    // MARK: Flushing

    func flush() {
        client.attachment?.link.flush()
        agent.link?.flush()
    }

    /// Flushes both sides once the event loop has read everything that there is to read.
    func flushLater() {
        guard !isFlushPending else { return }
        isFlushPending = true
        coalescer.add(self)
    }

    /// Returns whether there were agent messages among those flushed.
    func flushPending() -> Bool {
        isFlushPending = false
        flush()
        defer { isCarrying = false }
        return isCarrying
    }
}
