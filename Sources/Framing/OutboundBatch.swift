import Glibc
package import NIOCore

/// Collects outgoing messages until the flush, so that many messages become one write.
///
/// A buffer lives for one batch, and comes from the spare buffers if one is large enough. It starts at the last batch's
/// size, so a busy connection allocates once for many messages, and an idle one holds no buffer.
package final class OutboundBatch {
    /// In bytes. Payloads of this length or longer are not copied, because copying would cost more than a write.
    private static let copyLimit = 16 << 10
    private static let largestHint = 256 << 10

    private let context: ChannelHandlerContext
    /// Written to directly while the channel's own queue is empty. Nil: everything goes through the queue.
    private var descriptor: CInt?
    /// The queue may hold bytes, which a direct write would overtake.
    private var isQueued = true
    private var bytes = ByteBuffer()
    private var hint = 0
    private let spares = SpareBuffers.ofThisThread
    /// A write can change the channel's writability, and a handler may react with its own write and flush. Those wait
    /// until this write is complete.
    private var isWriting = false
    /// The channel has written but unflushed data.
    private var owesFlush = false

    /// Writes to the handlers in front of `context`'s. If there are none, pass the channel's socket as `descriptor`:
    /// most of the cost of a write in NIO is its queue, which is usually empty. The descriptor must stay open until
    /// ``end()``.
    package init(_ context: ChannelHandlerContext, descriptor: CInt? = nil) {
        self.context = context
        self.descriptor = descriptor
    }

    /// Call this when the channel has closed. Nothing is written afterwards.
    package func end() { descriptor = nil }

    /// Unflushed bytes.
    package var byteCount: Int { bytes.readableBytes }

    /// `isMasked` is for a client's frames. The key is zero. RFC 6455 section 5.3 requires an unpredictable key to
    /// protect proxies, but the unix socket to the agent has none.
    package func add(_ opcode: Opcode, _ payload: ByteBuffer, isFinal: Bool = true, isMasked: Bool = false) {
        let length = payload.readableBytes
        reserve(FrameHeader.maximumLength + (isCopied(payload) ? length : 0))
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.maximumLength) { room in
            FrameHeader.write(opcode, isFinal: isFinal, isMasked: isMasked, payloadLength: length, to: room)
        }
        add(payload)
    }

    /// Adds a message that permessage-deflate has compressed.
    package func add(compressed payload: ByteBuffer, _ opcode: Opcode) {
        let length = payload.readableBytes
        reserve(FrameHeader.maximumLength + (isCopied(payload) ? length : 0))
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.maximumLength) { room in
            let count = FrameHeader.write(opcode, isFinal: true, isMasked: false, payloadLength: length, to: room)
            room[0] |= FrameHeader.compressed
            return count
        }
        add(payload)
    }

    /// Adds the payload and a line end.
    package func add(line payload: ByteBuffer) {
        reserve(isCopied(payload) ? payload.readableBytes + 1 : 1)
        add(payload)
        bytes.writeInteger(UInt8(ascii: "\n"))
    }

    package func flush() {
        guard !isWriting, owesFlush || bytes.readableBytes > 0 else { return }
        if let descriptor, !owesFlush, writePastQueue(descriptor) { return }
        owesFlush = false
        if bytes.readableBytes > 0 { context.write(NIOAny(take()), promise: nil) }
        context.flush()
    }

    /// Returns true if everything was written. The channel handles the rest and any error.
    private func writePastQueue(_ descriptor: CInt) -> Bool {
        if isQueued {
            isQueued = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) != 0
            if isQueued { return false }
        }
        let written = bytes.withUnsafeReadableBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written == bytes.readableBytes {
            keepHint()
            spares.give(&bytes)
            return true
        }
        if written > 0 { bytes.moveReaderIndex(forwardBy: written) }
        isQueued = true
        return false
    }

    private func isCopied(_ payload: ByteBuffer) -> Bool { payload.readableBytes < Self.copyLimit || isWriting }

    private func add(_ payload: ByteBuffer) {
        guard !isCopied(payload) else {
            bytes.writeImmutableBuffer(payload)
            return
        }
        isWriting = true
        isQueued = true
        context.write(NIOAny(take()), promise: nil)
        context.write(NIOAny(payload), promise: nil)
        isWriting = false
        owesFlush = true
    }

    private func reserve(_ count: Int) {
        guard bytes.writableBytes < count else { return }
        if bytes.storageCapacity == 0 {
            spares.take(into: &bytes)
            guard bytes.writableBytes < max(count, hint) else { return }
        }
        bytes.reserveCapacity(minimumWritableBytes: max(count, bytes.readableBytes == 0 ? hint : bytes.readableBytes))
    }

    private func take() -> ByteBuffer {
        let batch = bytes
        keepHint()
        bytes = ByteBuffer()
        return batch
    }

    private func keepHint() { hint = min(bytes.readableBytes, Self.largestHint) }
}
