import Glibc
package import NIOCore

/// What goes out, until the flush: many messages become one write.
///
/// A buffer lives for one batch, and is a spare one where that is large enough. It begins as large as the last batch was,
/// so that a busy connection allocates once for many messages, and an idle one holds nothing.
package final class OutboundBatch {
    /// Payloads from this length on, in bytes, are written as they are: copying them would cost more than a write.
    private static let copyLimit = 16 << 10
    private static let largestHint = 256 << 10

    private let context: ChannelHandlerContext
    /// What is written to past the channel's own queue, while that is empty; nil when everything goes through it.
    private var descriptor: CInt?
    /// The queue may hold something: what is written past it would overtake that.
    private var isQueued = true
    private var bytes = ByteBuffer()
    private var hint = 0
    private let spares = SpareBuffers.ofThisThread
    /// A write can change whether the channel takes more, and whoever hears of that may write and flush in turn. Until
    /// this one is whole, theirs waits behind it.
    private var isWriting = false
    /// Something was written that is not flushed.
    private var owesFlush = false

    /// Writes to the handlers before the one that `context` is of. Where there are none, `descriptor` is what the
    /// channel writes to: most of what a write costs in NIO is its queue, which is empty most of the time. It must stay
    /// open until ``end()``.
    package init(_ context: ChannelHandlerContext, descriptor: CInt? = nil) {
        self.context = context
        self.descriptor = descriptor
    }

    /// The channel is closed: nothing is written any more.
    package func end() { descriptor = nil }

    /// Bytes that wait for the flush.
    package var byteCount: Int { bytes.readableBytes }

    /// `isMasked` is for a client's frames. The mask is zero: RFC 6455 section 5.3 wants one that nobody can predict,
    /// to protect proxies on the way, and the unix socket to the agent has none.
    package func add(_ opcode: Opcode, _ payload: ByteBuffer, isFinal: Bool = true, isMasked: Bool = false) {
        let length = payload.readableBytes
        reserve(FrameHeader.maximumLength + (isCopied(payload) ? length : 0))
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.maximumLength) { room in
            FrameHeader.write(opcode, isFinal: isFinal, isMasked: isMasked, payloadLength: length, to: room)
        }
        add(payload)
    }

    /// The payload and a line end after it.
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

    /// True when all of it was written. What is left, and what went wrong, is the channel's business.
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
