package import NIOCore

/// Splits a socket's bytes into frames. ``FrameReader`` then checks whether each frame is allowed.
///
/// The decoder copies bytes once, into one buffer for everything a read brings, and unmasks them there; payloads are
/// slices of that buffer. Between reads it keeps only the beginning of an incomplete frame; otherwise the buffer
/// returns to the spare buffers.
package struct FrameDecoder {
    /// In bytes. A longer payload is refused as soon as its header is complete.
    package let maximumPayload: Int
    private var pending = ByteBuffer()
    private let spares: SpareBuffers
    /// After a fault, the next frame's start is unknown, so all further bytes are dropped.
    private var hasFailed = false

    package init(maximumPayload: Int, spares: SpareBuffers = SpareBuffers()) {
        self.maximumPayload = maximumPayload
        self.spares = spares
    }

    package mutating func append(_ bytes: ByteBuffer) {
        if hasFailed { return }
        if pending.readerIndex > 0 {
            // A stream need never pause at a frame's end, so drop the bytes already read.
            var rest = ByteBuffer()
            rest.reserveCapacity(pending.readableBytes + bytes.readableBytes)
            rest.writeBuffer(&pending)
            pending = rest
        }
        if pending.storageCapacity == 0 { spares.take(into: &pending) }
        pending.writeImmutableBuffer(bytes)
    }

    /// The next complete frame, or nil if it needs more bytes. Throws once, and returns nil from then on.
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
            isCompressed: header.isCompressed, isMasked: header.maskingKey != nil, payload: payload)
    }
}

/// RFC 6455 section 5.3: XORs each byte with one of the key's four bytes, in turn.
enum Mask {
    static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
        let wide = UInt64(key) << 32 | UInt64(key)
        let words = bytes.count / 8
        // A constant bound lets the compiler vectorize the loop.
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
