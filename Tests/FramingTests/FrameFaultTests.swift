import Framing
import Testing

/// Every violation of RFC 6455 fails the connection with the close code that the RFC specifies.
@Suite struct FrameFaultTests {
    @Test(arguments: [Opcode.text, .continuation, .binary, .ping, .pong, .connectionClose])
    func aFrameWithoutAMask(_ opcode: Opcode) {
        #expect(Self.line(Frame(opcode)) == "fault 1002")
    }

    @Test(arguments: [Opcode.text, .ping, .connectionClose])
    func aReservedBit(_ opcode: Opcode) {
        #expect(Self.line(.masked(opcode, [], hasReservedBits: true)) == "fault 1002")
    }

    @Test func aReservedOpcode() {
        #expect(Self.line(.masked(nil, [])) == "fault 1002")
    }

    @Test func aBinaryFrame() {
        #expect(Self.line(.masked(.binary, "{}")) == "fault 1003")
        #expect(Self.line(.masked(.binary, "{}", isFinal: false)) == "fault 1003")
    }

    @Test(arguments: [Opcode.ping, .pong, .connectionClose])
    func aControlFrameThatIsLongOrInPieces(_ opcode: Opcode) {
        #expect(Self.line(.masked(opcode, [UInt8](repeating: 0, count: 126))) == "fault 1002")
        #expect(Self.line(.masked(opcode, [], isFinal: false)) == "fault 1002")
    }

    @Test func aContinuationOfNothing() {
        #expect(Self.line(.masked(.continuation, "x")) == "fault 1002")
        var reader = FrameReader(limit: 10)
        _ = reader.read(.masked(.text, "x"))
        #expect(reader.read(.masked(.continuation, "y")).line == "fault 1002")
    }

    @Test func aMessageInsideAnother() {
        var reader = FrameReader(limit: 10)
        _ = reader.read(.masked(.text, "x", isFinal: false))
        #expect(reader.read(.masked(.text, "y", isFinal: false)).line == "fault 1002")
    }

    @Test(
        arguments: [
            [0x80], [0xC3, 0x28], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFF],
            [0xE2, 0x82],
        ] as [[UInt8]])
    func textThatIsNotUTF8(_ bytes: [UInt8]) {
        #expect(Self.line(.masked(.text, bytes)) == "fault 1007")
        var reader = FrameReader(limit: 10)
        _ = reader.read(.masked(.text, bytes.prefix(1), isFinal: false))
        #expect(reader.read(.masked(.continuation, bytes.dropFirst())).line == "fault 1007")
    }

    @Test(arguments: [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16])
    func aCloseCodeThatNobodyMaySend(_ code: UInt16) {
        #expect(Self.line(.masked(.connectionClose, [UInt8(code >> 8), UInt8(code & 0xFF)])) == "fault 1002")
        #expect(!CloseCode.isValid(code))
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
    func aCloseCodeThatOneMaySend(_ code: UInt16) {
        #expect(CloseCode.isValid(code))
    }

    @Test func aCloseWithHalfACodeOrAReasonThatIsNotUTF8() {
        #expect(Self.line(.masked(.connectionClose, [0x03])) == "fault 1002")
        #expect(Self.line(.masked(.connectionClose, [0x03, 0xE8, 0xFF])) == "fault 1007")
    }

    private static func line(_ frame: Frame) -> String {
        var reader = FrameReader(limit: 1_000)
        return reader.read(frame).line
    }
}
