import NIOCore

/// A session's link to a socket on another event loop. Lives on the session's event loop.
///
/// Bytes in transit between the loops count as unwritten, so a session hands over no more at once than to a socket on
/// its own loop.
final class CrossLoopLink: ClientLink {
    /// Maximum number of bytes in transit before the link stops being writable.
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
