import Framing
import NIOCore
import Testing

/// Messages, fragments and control frames (RFC 6455).
@Suite struct FrameReaderTests {
    @Test(arguments: ["", "{}", "é😀", String(repeating: "x", count: 1_000)])
    func aTextFrameIsAMessage(_ text: String) {
        var reader = FrameReader(limit: 1_000)
        #expect(reader.read(.masked(.text, text)).line == "message \(text)")
    }

    @Test func aServersFramesAreNotMasked() {
        var reader = FrameReader(limit: 10, of: .server)
        #expect(reader.read(Frame(.text, payload: ByteBuffer(string: "{}"))).line == "message {}")
        #expect(reader.read(.masked(.text, "{}")).line == "fault 1002")
    }

    @Test func fragmentsAreOneMessageAndControlFramesComeBetween() {
        var reader = FrameReader(limit: 100)
        #expect(reader.read(.masked(.text, "{\"a\"", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.ping, "p")).line == "ping p")
        #expect(reader.read(.masked(.continuation, ":1", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.pong, "")).line == "pong")
        #expect(reader.read(.masked(.continuation, "}")).line == "message {\"a\":1}")
        #expect(reader.read(.masked(.text, "next")).line == "message next", "nothing is left of the one before")
    }

    @Test func emptyFragmentsBelongToTheMessage() {
        var reader = FrameReader(limit: 10)
        #expect(reader.read(.masked(.text, "", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.text, "x")).line == "fault 1002", "the first message is not over")
    }

    @Test func aScalarMayBeCutByFragments() {
        var reader = FrameReader(limit: 100)
        let bytes = Array("é😀".utf8)
        for byte in bytes.dropLast() {
            let opcode: Opcode = byte == bytes[0] ? .text : .continuation
            #expect(reader.read(.masked(opcode, [byte], isFinal: false)).line == "nothing")
        }
        #expect(reader.read(.masked(.continuation, [bytes[5]])).line == "message é😀")
    }

    @Test func aMessageOfTheLimitPassesAndOneByteMoreDoesNot() {
        var reader = FrameReader(limit: 8)
        #expect(reader.read(.masked(.text, "12345678")).line == "message 12345678")
        #expect(reader.read(.masked(.text, "123456789")).line == "fault 1009")
        reader = FrameReader(limit: 8)
        #expect(reader.read(.masked(.text, "1234", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "5678", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "", isFinal: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "9", isFinal: false)).line == "fault 1009")
    }

    @Test func aPingIsAnsweredWithWhatItCarried() {
        var reader = FrameReader(limit: 1)
        let payload = String(repeating: "p", count: 125)
        #expect(reader.read(.masked(.ping, payload)).line == "ping \(payload)", "the limit is for messages")
    }

    @Test(
        arguments: [
            ([], "closed"), ([0x03, 0xE8], "closed 1000"), ([0x03, 0xE9] + Array("bye 😀".utf8), "closed 1001 bye 😀"),
            ([0x0F, 0xA0], "closed 4000"), ([0x0B, 0xB8], "closed 3000"), ([0x13, 0x87], "closed 4999"),
        ] as [([UInt8], String)])
    func aCloseSaysWhy(_ payload: [UInt8], _ line: String) {
        var reader = FrameReader(limit: 1)
        #expect(reader.read(.masked(.connectionClose, payload)).line == line)
    }
}

extension Frame {
    static func masked(
        _ opcode: Opcode?, _ payload: some Sequence<UInt8>, isFinal: Bool = true, hasReservedBits: Bool = false
    ) -> Frame {
        Frame(
            opcode, isFinal: isFinal, hasReservedBits: hasReservedBits, isMasked: true,
            payload: ByteBuffer(bytes: payload))
    }

    static func masked(_ opcode: Opcode, _ text: String, isFinal: Bool = true) -> Frame {
        masked(opcode, Array(text.utf8), isFinal: isFinal)
    }
}

extension FrameReader.Event {
    /// The event as a line for comparison.
    var line: String {
        switch self {
        case .message(let message): "message \(String(buffer: message))"
        case .binary(let message): "binary \(message.readableBytes)"
        case .ping(let payload): "ping \(String(buffer: payload))"
        case .pong: "pong"
        case .closed(let code, let reason):
            "closed" + (code.map { " \($0)" } ?? "") + (reason.isEmpty ? "" : " \(reason)")
        case .fault(let code, _): "fault \(code.rawValue)"
        case .nothing: "nothing"
        }
    }
}
