@testable import Edge
import NIOCore
import NIOWebSocket
import Testing

/// Messages, fragments and control frames (RFC 6455).
@Suite struct FrameReaderTests {
    @Test(arguments: ["", "{}", "é😀", String(repeating: "x", count: 1_000)])
    func aTextFrameIsAMessage(_ text: String) {
        var reader = FrameReader(limit: 1_000)
        #expect(reader.read(.masked(.text, text)).line == "message \(text)")
    }

    @Test func fragmentsAreOneMessageAndControlFramesComeBetween() {
        var reader = FrameReader(limit: 100)
        #expect(reader.read(.masked(.text, "{\"a\"", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.ping, "p")).line == "ping p")
        #expect(reader.read(.masked(.continuation, ":1", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.pong, "")).line == "pong")
        #expect(reader.read(.masked(.continuation, "}")).line == "message {\"a\":1}")
        #expect(reader.read(.masked(.text, "next")).line == "message next", "nothing is left of the one before")
    }

    @Test func emptyFragmentsBelongToTheMessage() {
        var reader = FrameReader(limit: 10)
        #expect(reader.read(.masked(.text, "", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.text, "x")).line == "fault 1002", "the first message is not over")
    }

    @Test func aScalarMayBeCutByFragments() {
        var reader = FrameReader(limit: 100)
        let bytes = Array("é😀".utf8)
        for byte in bytes.dropLast() {
            let opcode: WebSocketOpcode = byte == bytes[0] ? .text : .continuation
            #expect(reader.read(.masked(opcode, [byte], fin: false)).line == "nothing")
        }
        #expect(reader.read(.masked(.continuation, [bytes[5]])).line == "message é😀")
    }

    @Test func aMessageOfTheLimitPassesAndOneByteMoreDoesNot() {
        var reader = FrameReader(limit: 8)
        #expect(reader.read(.masked(.text, "12345678")).line == "message 12345678")
        #expect(reader.read(.masked(.text, "123456789")).line == "fault 1009")
        reader = FrameReader(limit: 8)
        #expect(reader.read(.masked(.text, "1234", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "5678", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "", fin: false)).line == "nothing")
        #expect(reader.read(.masked(.continuation, "9", fin: false)).line == "fault 1009")
    }

    @Test func aPingIsAnsweredWithWhatItCarried() {
        var reader = FrameReader(limit: 1)
        let payload = String(repeating: "p", count: 125)
        #expect(reader.read(.masked(.ping, payload)).line == "ping \(payload)", "the limit is for messages")
    }

    @Test(
        arguments: [
            ([], "closed"), ([0x03, 0xE8], "closed 1000"), ([0x03, 0xE9] + Array("bye 😀".utf8), "closed 1001"),
            ([0x0F, 0xA0], "closed 4000"), ([0x0B, 0xB8], "closed 3000"), ([0x13, 0x87], "closed 4999"),
        ] as [([UInt8], String)])
    func aCloseSaysWhy(_ payload: [UInt8], _ line: String) {
        var reader = FrameReader(limit: 1)
        #expect(reader.read(.masked(.connectionClose, payload)).line == line)
    }
}

extension WebSocketFrame {
    static func masked(
        _ opcode: WebSocketOpcode, _ payload: some Sequence<UInt8>, fin: Bool = true, rsv1: Bool = false,
        rsv2: Bool = false,
        rsv3: Bool = false
    ) -> WebSocketFrame {
        let key: WebSocketMaskingKey = [0x12, 0x34, 0x56, 0x78]
        var data = ByteBuffer(bytes: payload)
        data.webSocketMask(key)
        return WebSocketFrame(fin: fin, rsv1: rsv1, rsv2: rsv2, rsv3: rsv3, opcode: opcode, maskKey: key, data: data)
    }

    static func masked(_ opcode: WebSocketOpcode, _ text: String, fin: Bool = true) -> WebSocketFrame {
        masked(opcode, Array(text.utf8), fin: fin)
    }
}

extension FrameReader.Event {
    /// The event as a line to compare.
    var line: String {
        switch self {
        case .message(let message): "message \(String(buffer: message))"
        case .binary(let message): "binary \(message.readableBytes)"
        case .ping(let payload): "ping \(String(buffer: payload))"
        case .pong: "pong"
        case .closed(let code): code.map { "closed \($0)" } ?? "closed"
        case .fault(let code, _): "fault \(code.rawValue)"
        case .nothing: "nothing"
        }
    }
}
