@testable import Framing
import NIOCore
import TestSupport
import Testing

/// Decodes bytes into frames (RFC 6455 section 5), however the bytes are split.
@Suite struct FrameDecoderTests {
    /// Section 5.7 of the RFC.
    @Test func theExamplesOfTheRFC() throws {
        #expect(try Self.frames([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]) == ["text Hello"])
        #expect(
            try Self.frames([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
                == ["text Hello masked"])
        #expect(
            try Self.frames([0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f])
                == ["text Hel goes on", "continuation lo"])
        #expect(try Self.frames([0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]) == ["ping Hello"])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func whatIsWrittenIsRead(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lengths = [0, 1, 7, 8, 9, 124, 125, 126, 127, 300, 65_535, 65_536, 70_000]
        let payloads = (0..<30).map { _ in
            (0..<(lengths.randomElement(using: &random) ?? 0)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        var rest = payloads.flatMap { Self.masked($0, key: UInt32.random(in: 0...(.max), using: &random)) }[...]
        var decoder = FrameDecoder(maximumPayload: 100_000)
        var read: [[UInt8]] = []
        while !rest.isEmpty {
            let size = min(rest.count, Int.random(in: 1...Int.random(in: 1...100_000, using: &random), using: &random))
            decoder.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let frame = try decoder.next() { read.append(Array(buffer: frame.payload)) }
        }
        #expect(read == payloads)
    }

    /// Later bytes do not overwrite a payload that a caller keeps.
    @Test func payloadsThatAreKeptStayAsTheyWere() throws {
        var decoder = FrameDecoder(maximumPayload: 100)
        decoder.append(ByteBuffer(bytes: Self.masked([1, 2, 3], key: 7) + Self.masked([4, 5, 6], key: 9)))
        let first = try decoder.next()?.payload
        let second = try decoder.next()?.payload
        decoder.append(ByteBuffer(bytes: Self.masked([7, 8, 9], key: 11)))
        let third = try decoder.next()?.payload
        #expect([first, second, third].map { $0.map { Array(buffer: $0) } } == [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    }

    /// No read ends at a frame boundary, as in an uninterrupted stream of long messages.
    @Test func aStreamWithoutAPauseKeepsNothingOfWhatWasRead() throws {
        var decoder = FrameDecoder(maximumPayload: 1_000)
        let frame = Self.masked([UInt8](repeating: 7, count: 1_000), key: 0)
        decoder.append(ByteBuffer(bytes: frame.prefix(500)))
        for _ in 0..<1_000 {
            decoder.append(ByteBuffer(bytes: frame.dropFirst(500) + frame.prefix(500)))
            let payload = try #require(try decoder.next()?.payload)
            #expect(payload.storageCapacity <= 4_096)
            #expect(try decoder.next() == nil)
        }
    }

    @Test func aLongPayloadIsRefusedAtItsHeader() {
        #expect(Self.fault([0x82, 0xFE, 0x03, 0xE9, 0, 0, 0, 0]) == .payloadTooLong)
        #expect(Self.fault([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]) == .payloadTooLong)
        #expect(Self.fault([0x82, 0xFE, 0x03, 0xE8, 0, 0, 0, 0]) == nil, "1,000 bytes are the limit")
    }

    @Test(arguments: [0x88, 0x89, 0x8A] as [UInt8])
    func aControlFrameIsShort(_ first: UInt8) {
        #expect(Self.fault([first, 0xFE, 0x00, 0x7E, 0, 0, 0, 0]) == .controlTooLong)
    }

    @Test func aLengthIsInItsShortestForm() {
        #expect(Self.fault([0x81, 0xFE, 0x00, 0x7D]) == .malformedLength)
        #expect(Self.fault([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) == .malformedLength)
        #expect(Self.fault([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]) == .malformedLength)
    }

    @Test func afterAFaultNothingIsKept() throws {
        var decoder = FrameDecoder(maximumPayload: 10)
        decoder.append(ByteBuffer(bytes: [0x81, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0]))
        #expect(throws: FrameFault.payloadTooLong) { try decoder.next() }
        decoder.append(ByteBuffer(bytes: Self.masked([1], key: 0)))
        #expect(try decoder.next() == nil)
    }

    // MARK: Helpers

    static func masked(_ payload: [UInt8], key: UInt32) -> [UInt8] {
        var frame: [UInt8] = [0x82]
        switch payload.count {
        case ...125: frame.append(0x80 | UInt8(payload.count))
        case ...65_535: frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [0xFF] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        let mask = (0..<4).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) }
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private static func frames(_ bytes: [UInt8]) throws -> [String] {
        var decoder = FrameDecoder(maximumPayload: 1_000)
        decoder.append(ByteBuffer(bytes: bytes))
        var lines: [String] = []
        while let frame = try decoder.next() {
            let opcode = frame.opcode.map { "\($0)" } ?? "reserved"
            lines.append(
                "\(opcode) \(String(buffer: frame.payload))" + (frame.isMasked ? " masked" : "")
                    + (frame.isFinal ? "" : " goes on"))
        }
        return lines
    }

    private static func fault(_ bytes: [UInt8]) -> FrameFault? {
        var decoder = FrameDecoder(maximumPayload: 1_000)
        decoder.append(ByteBuffer(bytes: bytes))
        do {
            _ = try decoder.next()
            return nil
        } catch {
            return error
        }
    }
}
