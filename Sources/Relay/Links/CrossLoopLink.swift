import NIOCore

/// A socket as its session sees it across event loops. Lives on the session's event loop.
///
/// What is on its way between the loops counts against the socket, so that a session does not hand over more at once
/// than a socket of its own loop would take.
final class CrossLoopLink: ClientLink {
    /// Bytes that may be on their way.
    static let limit = 256 << 10

    var onWritabilityChange: (() -> Void)?
    private let link: NIOLoopBound<any ClientLink>
    private let eventLoop: any EventLoop
    private var batch: [ByteBuffer] = []
    private var batchBytes = 0
    private var bytesOnTheirWay = 0
    private var isSocketWritable = true
    private var wasWritable = true

    init(to link: NIOLoopBound<any ClientLink>, from eventLoop: any EventLoop) {
        self.link = link
        self.eventLoop = eventLoop
    }

    var isWritable: Bool { isSocketWritable && batchBytes + bytesOnTheirWay < Self.limit }

    func send(_ message: ByteBuffer) {
        batch.append(message)
        batchBytes += message.readableBytes
        tellWritability()
    }

    func flush() {
        guard !batch.isEmpty else { return }
        let (messages, bytes) = (batch, batchBytes)
        batch = []
        batchBytes = 0
        bytesOnTheirWay += bytes
        let link = link
        let own = NIOLoopBound(self, eventLoop: eventLoop)
        link.eventLoop.execute {
            for message in messages { link.value.send(message) }
            link.value.flush()
            own.eventLoop.execute { own.value.arrived(bytes) }
        }
    }

    private func arrived(_ bytes: Int) {
        bytesOnTheirWay -= bytes
        tellWritability()
    }

    func socketWritabilityChanged(_ isWritable: Bool) {
        isSocketWritable = isWritable
        tellWritability()
    }

    private func tellWritability() {
        guard wasWritable != isWritable else { return }
        wasWritable = isWritable
        onWritabilityChange?()
    }

    func close(code: UInt16, reason: String) {
        flush()
        let link = link
        link.eventLoop.execute { link.value.close(code: code, reason: reason) }
    }
}
