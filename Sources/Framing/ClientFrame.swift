package import NIOCore

extension ByteBuffer {
    /// A complete client frame, masked with an unpredictable key (RFC 6455 section 5.3), for sockets that may pass
    /// through proxies.
    package static func clientFrame(
        _ opcode: Opcode, _ payload: ByteBuffer, key: UInt32 = UInt32.random(in: .min ... .max)
    ) -> ByteBuffer {
        let length = payload.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: FrameHeader.maximumLength + length)
        frame.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.maximumLength) { room in
            let header = FrameHeader.write(opcode, isFinal: true, isMasked: true, payloadLength: length, to: room)
            // In the frame's byte order: the last four bytes of the header.
            room.storeBytes(of: key, toByteOffset: header - 4, as: UInt32.self)
            return header
        }
        let start = frame.readableBytes
        frame.writeImmutableBuffer(payload)
        frame.withUnsafeMutableReadableBytes { Mask.apply(key, to: .init(rebasing: $0[start...])) }
        return frame
    }
}
