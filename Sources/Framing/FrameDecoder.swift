package import NIOCore

/// Bytes of a socket to frames. What they may be is the reader's business; this knows where each begins and ends.
///
/// Bytes are copied once, into one buffer for all that one read brings, and unmasked there; payloads are slices of it.
/// Nothing is kept between reads but the beginning of a frame that goes on: the buffer goes back to the spare ones.
package struct FrameDecoder {
    /// In bytes. A longer payload is refused when its header is there, not when it has come.
    package let maximumPayload: Int
    private var pending = ByteBuffer()
    private let spares: SpareBuffers
    /// After a fault nobody knows where the next frame begins: what comes is dropped.
    private var hasFailed = false

    package init(maximumPayload: Int, spares: SpareBuffers = SpareBuffers()) {
        self.maximumPayload = maximumPayload
        self.spares = spares
    }

    package mutating func append(_ bytes: ByteBuffer) {
        if hasFailed { return }
        if pending.readerIndex > 0 {
            // A stream need never pause where a frame ends: frames that were read must not stay in the buffer.
            var rest = ByteBuffer()
            rest.reserveCapacity(pending.readableBytes + bytes.readableBytes)
            rest.writeBuffer(&pending)
            pending = rest
        }
        if pending.storageCapacity == 0 { spares.take(into: &pending) }
        pending.writeImmutableBuffer(bytes)
    }

    /// The next whole frame; nil when more bytes are needed. Throws once, and gives nothing from then on.
    package mutating func next() throws(FrameFault) -> Frame? {
        do {
            return try read()
        } catch {
            hasFailed = true
            pending = ByteBuffer()
            throw error
        }
    }

    private mutating func read() throws(FrameFault) -> Frame? {
        guard pending.readableBytes > 0 else {
            spares.give(&pending)
            return nil
        }
        let read = pending.withUnsafeReadableBytes { bytes in
            Result { () throws(FrameFault) in try FrameHeader(bytes) }
        }
        guard let header = try read.get() else { return nil }
        guard !header.isControl || header.payloadLength <= 125 else { throw .controlTooLong }
        guard header.payloadLength <= maximumPayload || header.isControl else { throw .payloadTooLong }
        guard pending.readableBytes >= header.length + header.payloadLength else { return nil }
        pending.moveReaderIndex(forwardBy: header.length)
        if let key = header.maskingKey, key != 0 {
            let length = header.payloadLength
            pending.withUnsafeMutableReadableBytes { Mask.apply(key, to: .init(rebasing: $0[..<length])) }
        }
        let payload = pending.readSlice(length: header.payloadLength) ?? ByteBuffer()
        return Frame(
            header.opcode, isFinal: header.isFinal, hasReservedBits: header.hasReservedBits,
            isMasked: header.maskingKey != nil, payload: payload)
    }
}

/// RFC 6455 section 5.3: each byte is exclusive-or'ed with one of the key's four, in turn.
enum Mask {
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
        let wide = UInt64(key) << 32 | UInt64(key)
        let words = bytes.count / 8
        // Without a bound that changes, so that the compiler makes the loop wide.
        for index in 0..<words {
            let word = bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
            bytes.storeBytes(of: word ^ wide, toByteOffset: index &* 8, as: UInt64.self)
        }
        var rest = wide
        for index in (words * 8)..<bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }
}
