package import NIOCore

/// A WebSocket frame (RFC 6455 section 5.2) with its payload unmasked.
package struct Frame {
    /// Nil for reserved opcodes.
    package let opcode: Opcode?
    /// FIN: the last frame of its message.
    package let isFinal: Bool
    /// RSV2 or RSV3 is set. No extension that is known here uses them.
    package let hasReservedBits: Bool
    /// RSV1 is set: the message is compressed (RFC 7692 section 6).
    package let isCompressed: Bool
    package let isMasked: Bool
    package let payload: ByteBuffer

    package init(
        _ opcode: Opcode?, isFinal: Bool = true, hasReservedBits: Bool = false, isCompressed: Bool = false,
        isMasked: Bool = false, payload: ByteBuffer = ByteBuffer()
    ) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.hasReservedBits = hasReservedBits
        self.isCompressed = isCompressed
        self.isMasked = isMasked
        self.payload = payload
    }
}

/// RFC 6455 section 11.8.
package enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case connectionClose = 8
    case ping = 9
    case pong = 10
}

/// Why bytes are not a valid frame. The receiver must fail the connection.
package enum FrameFault: Error {
    /// The payload is longer than the decoder accepts.
    case payloadTooLong
    /// A control frame of more than 125 bytes (section 5.5).
    case controlTooLong
    /// The length is not in its shortest form, or its highest bit is set (section 5.2).
    case malformedLength
}
