@testable import Framing
import NIOCore
import TestSupport
import Testing

/// Splits bytes into lines, however the bytes arrive.
@Suite struct LineSplitterTests {
    static let text = "{\"a\":1}\n\n{\"b\":\"\u{2028}\u{85}\r\"}\r\n \u{0B}\u{0C}\0\nlast😀\n"
    static let lines = ["{\"a\":1}", "", "{\"b\":\"\u{2028}\u{85}\r\"}\r", " \u{0B}\u{0C}\0", "last😀"]

    @Test func oneChunkWithAllLines() throws {
        var splitter = LineSplitter(limit: 100)
        splitter.append(ByteBuffer(string: Self.text))
        #expect(try Self.drain(&splitter) == Self.lines)
    }

    @Test func byteByByte() throws {
        var splitter = LineSplitter(limit: 100)
        var lines: [String] = []
        for byte in Self.text.utf8 {
            splitter.append(ByteBuffer(bytes: [byte]))
            lines += try Self.drain(&splitter)
        }
        #expect(lines == Self.lines)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func anyChunksGiveTheSameLines(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = (0..<60).map { _ in Self.line(&random) }
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8) + Array("no end".utf8)
        var splitter = LineSplitter(limit: 10_000)
        var found: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = min(rest.count, Int.random(in: 0...Int.random(in: 1...400, using: &random), using: &random))
            splitter.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            if Bool.random(using: &random) { found += try Self.drain(&splitter) }
        }
        found += try Self.drain(&splitter)
        #expect(found == lines)
        splitter.append(ByteBuffer(string: "\n"))
        #expect(try Self.drain(&splitter) == ["no end"])
    }

    @Test func aLineOfTheLimitPassesAndOneByteMoreIsGivenUp() throws {
        for chunk in [1, 3, 9, 20] {
            var splitter = LineSplitter(limit: 8)
            #expect(try Self.feed("12345678\n", in: chunk, &splitter) == ["12345678"])
            #expect(throws: LineSplitter.LineTooLong.self) { try Self.feed("123456789\n", in: chunk, &splitter) }
        }
    }

    @Test func whatNeverEndsIsGivenUp() throws {
        var splitter = LineSplitter(limit: 1_000)
        #expect(try Self.feed(String(repeating: "x", count: 1_000), in: 100, &splitter) == [])
        #expect(throws: LineSplitter.LineTooLong.self) { try Self.feed("x", in: 1, &splitter) }
    }

    @Test func shortLinesBeforeALongOneAreNotLost() throws {
        var splitter = LineSplitter(limit: 4)
        splitter.append(ByteBuffer(string: "a\nb\n12345"))
        #expect(try splitter.next().map(String.init(buffer:)) == "a")
        #expect(try splitter.next().map(String.init(buffer:)) == "b")
        #expect(throws: LineSplitter.LineTooLong.self) { try splitter.next() }
    }

    @Test func manyMegabytesInSmallChunksAreOneLine() throws {
        var splitter = LineSplitter(limit: 64 << 20)
        let chunk = ByteBuffer(repeating: 0x78, count: 4_096)
        for _ in 0..<2_048 {
            splitter.append(chunk)
            #expect(try splitter.next() == nil)
        }
        splitter.append(ByteBuffer(string: "\nnext"))
        #expect(try splitter.next()?.readableBytes == 8 << 20)
        #expect(try splitter.next() == nil)
    }

    private static func line(_ random: inout SeededGenerator) -> String {
        let alphabet = ["a", "é", "😀", "\u{2028}", "\r", "\"", "\u{85}", "{", "\0"]
        let length = Int.random(in: 0...Int.random(in: 0...300, using: &random), using: &random)
        return (0..<length).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
    }

    private static func drain(_ splitter: inout LineSplitter) throws -> [String] {
        var lines: [String] = []
        while let line = try splitter.next() { lines.append(String(buffer: line)) }
        return lines
    }

    private static func feed(_ text: String, in size: Int, _ splitter: inout LineSplitter) throws -> [String] {
        var lines: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            lines += try drain(&splitter)
        }
        return lines
    }
}
