package import NIOCore

/// One WebSocket frame (RFC 6455 section 5.2), its payload unmasked.
package struct Frame {
    /// Nil for the opcodes that the RFC reserves.
    package let opcode: Opcode?
    /// FIN: the last frame of its message.
    package let isFinal: Bool
    /// One of RSV1 to RSV3 is set, which only an extension may do.
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

/// Why bytes are no frame. The connection must be failed.
package enum FrameFault: Error {
    /// The payload would be longer than the decoder takes.
    case payloadTooLong
    /// A control frame of more than 125 bytes (section 5.5).
    case controlTooLong
    /// The length is not in the shortest form, or has its highest bit set (section 5.2).
    case malformedLength
}
