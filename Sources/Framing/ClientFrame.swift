package import NIOCore

extension ByteBuffer {
    /// One whole frame of a client's, masked with a key that nobody can predict (RFC 6455 section 5.3): for sockets that
    /// have proxies on their way.
    package static func clientFrame(
        _ opcode: Opcode, _ payload: ByteBuffer, key: UInt32 = UInt32.random(in: .min ... .max)
    ) -> ByteBuffer {
        let length = payload.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: FrameHeader.maximumLength + length)
        frame.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.maximumLength) { room in
            let header = FrameHeader.write(opcode, isFinal: true, isMasked: true, payloadLength: length, to: room)
            // As it stands in the frame: the last four bytes of the header.
            room.storeBytes(of: key, toByteOffset: header - 4, as: UInt32.self)
            return header
        }
        let start = frame.readableBytes
        frame.writeImmutableBuffer(payload)
        frame.withUnsafeMutableReadableBytes { Mask.apply(key, to: .init(rebasing: $0[start...])) }
        return frame
    }
}
