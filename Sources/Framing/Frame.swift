package import NIOCore

/// A WebSocket frame (RFC 6455 section 5.2) with its payload unmasked.
package struct Frame {
    /// Nil for reserved opcodes.
    package let opcode: Opcode?
    /// FIN: the last frame of its message.
    package let isFinal: Bool
    /// One of RSV1 to RSV3 is set. Only an extension may set them.
    package let hasReservedBits: Bool
    package let isMasked: Bool
    package let payload: ByteBuffer

    package init(
        _ opcode: Opcode?, isFinal: Bool = true, hasReservedBits: Bool = false, isMasked: Bool = false,
        payload: ByteBuffer = ByteBuffer()
    ) {
        self.opcode = opcode
        self.isFinal = isFinal
        self.hasReservedBits = hasReservedBits
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
