@testable import Framing
import NIOCore
import Testing

/// permessage-deflate (RFC 7692).
@Suite struct DeflateTests {
    private func delta(_ number: Int) -> String {
        #"{"method":"item/agentMessage/delta","params":{"threadId":"01a22e7c-e9f2-71a3","delta":"word \#(number) "}}"#
    }

    private func frame(
        _ opcode: Opcode, _ bytes: [UInt8], isFinal: Bool = true, isCompressed: Bool = true
    ) -> Frame {
        Frame(opcode, isFinal: isFinal, isCompressed: isCompressed, isMasked: true, payload: ByteBuffer(bytes: bytes))
    }

    private func reader(_ limit: Int = 1_000_000) -> FrameReader {
        var reader = FrameReader(limit: limit)
        reader.acceptsCompressed = true
        return reader
    }

    // RFC 7692 section 7.2.3: the examples.
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    private static let withoutCompression: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]
    private static let withFinalBlock: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
    private static let twoBlocks: [UInt8] = [
        0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00,
    ]

    @Test(arguments: [hello, withoutCompression, withFinalBlock, twoBlocks])
    func theExamplesOfTheRFC(_ bytes: [UInt8]) {
        var reader = reader()
        for _ in 0..<2 { #expect(reader.read(frame(.text, bytes)).line == "message Hello") }
        #expect(reader.read(frame(.text, Array(bytes.prefix(3)), isFinal: false)).line == "nothing")
        let rest = frame(.continuation, Array(bytes.dropFirst(3)), isCompressed: false)
        #expect(reader.read(rest).line == "message Hello")
        #expect(reader.read(frame(.text, Array("plain".utf8), isCompressed: false)).line == "message plain")
    }

    @Test func whatIsNotAllowed() {
        var plain = FrameReader(limit: 100)
        #expect(plain.read(frame(.text, Self.hello)).line == "fault 1002", "it has not been agreed on")
        for opcode in [Opcode.ping, .pong, .connectionClose] {
            var reader = reader()
            #expect(reader.read(frame(opcode, [])).line == "fault 1002")
        }
        var reader = reader()
        _ = reader.read(frame(.text, Self.hello, isFinal: false))
        #expect(reader.read(frame(.continuation, [])).line == "fault 1002")
    }

    @Test(arguments: [[], [0xFF, 0xFF], [0x07], Array("plain text".utf8), Array(hello.dropLast(3))])
    func brokenData(_ bytes: [UInt8]) {
        var reader = reader()
        #expect(reader.read(frame(.text, bytes)).line == "fault 1007")
        #expect(reader.read(frame(.text, Self.hello)).line == "message Hello", "the next one is not affected")
    }

    /// 5 MB of zeros in 5 KB.
    @Test func theLimitCountsWhatIsDecompressed() throws {
        let compressor = try #require(MessageCompressor())
        let bomb = try #require(compressor.compressed(ByteBuffer(repeating: 0x20, count: 5_000_000)))
        #expect(bomb.readableBytes < 10_000)
        for (limit, line) in [(4_999_999, "fault 1009"), (100_000, "fault 1009"), (20, "fault 1009")] {
            var reader = reader(limit)
            #expect(reader.read(frame(.text, Array(bomb.readableBytesView))).line == line)
        }
        var reader = reader(5_000_000)
        guard case .message(let message) = reader.read(frame(.text, Array(bomb.readableBytesView))) else {
            Issue.record("it fits")
            return
        }
        #expect(message.readableBytes == 5_000_000)
    }

    @Test func laterMessagesAreShorter() throws {
        let compressor = try #require(MessageCompressor())
        let forgetful = try #require(MessageCompressor(windowBits: 15, forgets: true))
        var (counts, alone) = ([Int](), [Int]())
        for number in 0..<50 {
            let text = delta(number)
            counts.append(try #require(compressor.compressed(ByteBuffer(string: text))).readableBytes)
            let whole = try #require(forgetful.compressed(ByteBuffer(string: text)))
            alone.append(whole.readableBytes)
            var reader = reader()
            #expect(reader.read(frame(.text, Array(whole.readableBytesView))).line == "message \(text)")
        }
        #expect(counts[1...].allSatisfy { $0 < 20 } && alone.allSatisfy { $0 > 60 }, "\(counts) \(alone)")
    }

    @Test(arguments: [1, 9, 15])
    func anyTextSurvives(_ bits: Int) throws {
        guard bits > 8 else {
            #expect(MessageCompressor(windowBits: bits) == nil)
            return
        }
        let compressor = try #require(MessageCompressor(windowBits: bits, forgets: true))
        #expect(compressor.compressed(ByteBuffer()) == nil)
        var generator = SystemRandomNumberGenerator()
        for length in [1, 2, 100, 2_047, 2_048, 70_000, 300_000] {
            let text = String((0..<length).map { _ in "abcdefgh \n{}é".randomElement(using: &generator) ?? "a" })
            let bytes = try #require(compressor.compressed(ByteBuffer(string: text)))
            var reader = reader()
            #expect(reader.read(frame(.text, Array(bytes.readableBytesView))).line == "message \(text)")
        }
    }
}
