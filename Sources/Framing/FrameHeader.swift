/// A frame's header (RFC 6455 section 5.2).
struct FrameHeader {
    private static let final: UInt8 = 0x80
    static let compressed: UInt8 = 0x40
    private static let reservedBits: UInt8 = 0x30
    private static let masked: UInt8 = 0x80
    /// Longer payloads have a two-byte or eight-byte length.
    private static let longestShortLength = 125
    private static let twoBytes: UInt8 = 126
    private static let eightBytes: UInt8 = 127

    let firstByte: UInt8
    /// The header's own length, masking key included.
    let length: Int
    let payloadLength: Int
    /// In the frame's byte order, the first byte lowest; nil if the frame is not masked.
    let maskingKey: UInt32?

    /// Nil if it needs more bytes.
    init?(_ bytes: UnsafeRawBufferPointer) throws(FrameFault) {
        guard bytes.count >= 2 else { return nil }
        firstByte = bytes[0]
        var length = 2
        switch bytes[1] & ~Self.masked {
        case Self.twoBytes:
            guard bytes.count >= 4 else { return nil }
            payloadLength = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            guard payloadLength > Self.longestShortLength else { throw .malformedLength }
            length = 4
        case Self.eightBytes:
            guard bytes.count >= 10 else { return nil }
            let value = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard value > UInt64(UInt16.max), value <= UInt64(Int.max) else { throw .malformedLength }
            payloadLength = Int(value)
            length = 10
        case let short: payloadLength = Int(short)
        }
        if bytes[1] & Self.masked != 0 {
            guard bytes.count >= length + 4 else { return nil }
            maskingKey = bytes.loadUnaligned(fromByteOffset: length, as: UInt32.self)
            length += 4
        } else {
            maskingKey = nil
        }
        self.length = length
    }

    var opcode: Opcode? { Opcode(rawValue: firstByte & 0x0F) }
    var isControl: Bool { firstByte & 0x08 != 0 }
    var isFinal: Bool { firstByte & Self.final != 0 }
    var hasReservedBits: Bool { firstByte & Self.reservedBits != 0 }
    var isCompressed: Bool { firstByte & Self.compressed != 0 }

    /// The most bytes that ``write(_:isFinal:isMasked:payloadLength:to:)`` writes.
    static let maximumLength = 14

    /// Writes a header and returns its length. Its masking key is zero, which leaves the payload unchanged.
    static func write(
        _ opcode: Opcode, isFinal: Bool, isMasked: Bool, payloadLength: Int, to bytes: UnsafeMutableRawBufferPointer
    ) -> Int {
        let mask = isMasked ? masked : 0
        bytes[0] = opcode.rawValue | (isFinal ? final : 0)
        var length = 2
        if payloadLength <= longestShortLength {
            bytes[1] = UInt8(payloadLength) | mask
        } else if payloadLength <= UInt16.max {
            bytes[1] = twoBytes | mask
            bytes.storeBytes(of: UInt16(payloadLength).bigEndian, toByteOffset: 2, as: UInt16.self)
            length = 4
        } else {
            bytes[1] = eightBytes | mask
            bytes.storeBytes(of: UInt64(payloadLength).bigEndian, toByteOffset: 2, as: UInt64.self)
            length = 10
        }
        if isMasked {
            bytes.storeBytes(of: 0, toByteOffset: length, as: UInt32.self)
            length += 4
        }
        return length
    }
}
