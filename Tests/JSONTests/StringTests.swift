import JSON
import Testing

/// Strings: escapes, surrogates and invalid UTF-8.
@Suite struct StringTests {
    @Test(arguments: [
        (#""\"""#, "\""), (#""\\""#, "\\"), (#""\/""#, "/"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u00E9""#, "A\u{E9}\u{E9}"), (#""\u0000x""#, "\0x"), (#""\u2028""#, "\u{2028}"),
        (#""\uFFFF""#, "\u{FFFF}"), (#""\uD83D\uDE00""#, "\u{1F600}"), (#""\ud83d\ude00!""#, "\u{1F600}!"),
        (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uD800\uDC00""#, "\u{10000}"), (#""a\\u0041""#, #"a\u0041"#),
        (#""é😀""#, "é😀"), (#""é\n😀""#, "é\n😀"),
    ])
    func unescapes(_ text: String, _ meaning: String) throws {
        let value = try JSONValue(parsing: text).stringValue
        #expect(value.map { Array($0.utf8) } == Array(meaning.utf8))
    }

    /// codex silently drops a message with a lone surrogate, so the server must not forward one.
    @Test(arguments: [
        (#""\uD800""#, 1), (#""\uDC00""#, 1), (#""ab\uDBFFx""#, 3), (#""\uD83D\n""#, 1), (#""\uD83D\u0041""#, 1),
        (#""\uDE00\uD83D""#, 1), (#""\uD83D\uD83D\uDE00""#, 1), (#""\uD83D\uDE00\uDE00""#, 13),
        (#""\uD83D\\uDE00""#, 1), (#""\uD83D\uDxyz""#, 10), (#"{"\uD83D":1}"#, 2), (#""\uD83Dx\uDE00""#, 1),
    ])
    func halfASurrogatePairIsNoEscape(_ text: String, _ offset: Int) {
        #expect(Scan.parserError(Array(text.utf8)) == JSONError(.badEscape, at: offset))
        #expect(Scan.error(Array(text.utf8)) == JSONError(.badEscape, at: offset))
    }

    @Test(
        arguments: [
            (#""\x41""#, .badEscape, 1), (#""\'""#, .badEscape, 1), (#""\U0041""#, .badEscape, 1),
            (#""\0""#, .badEscape, 1), (#""\u004""#, .badEscape, 6), (#""\u00g1""#, .badEscape, 5),
            (#""\u 041""#, .badEscape, 3), (#""\u+041""#, .badEscape, 3), (#""\u{41}""#, .badEscape, 3),
            (#""\u00"#, .unexpectedEnd, 5), (#""\"#, .unexpectedEnd, 2), (#""\""#, .unexpectedEnd, 3),
            (#"""#, .unexpectedEnd, 1), (#""a"#, .unexpectedEnd, 2), ("\"\n\"", .badString, 1),
            ("\"\0\"", .badString, 1),
            ("\"a\u{1F}\"", .badString, 2), ("\"\t\"", .badString, 1),
        ] as [(String, JSONError.Reason, Int)])
    func refusesBrokenStrings(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        #expect(Scan.parserError(Array(text.utf8)) == JSONError(reason, at: offset))
        #expect(Scan.error(Array(text.utf8)) == JSONError(reason, at: offset))
    }

    /// Strings are read in blocks of 8 and 64 bytes; special bytes must be found at every position.
    @Test(arguments: [0...140, 250...270] as [ClosedRange<Int>])
    func everyByteOfALongStringIsSeen(_ lengths: ClosedRange<Int>) {
        for length in lengths {
            let text = [UInt8](repeating: 0x78, count: length)
            #expect(Scan.error([0x22] + text + [0x22]) == nil)
            #expect(Scan.error([0x22] + text) == JSONError(.unexpectedEnd, at: length + 1))
            for index in 0..<length {
                for (byte, reason, offset) in [
                    (0x22, JSONError.Reason.trailingBytes, index + 2), (0x5C, .badEscape, index + 1),
                    (0x1F, .badString, index + 1),
                ] as [(UInt8, JSONError.Reason, Int)] {
                    var changed = [0x22] + text + [0x22]
                    changed[index + 1] = byte
                    let expected =
                        byte == 0x5C && index == length - 1
                        ? JSONError(.unexpectedEnd, at: length + 2) : JSONError(reason, at: offset)
                    // Without `#expect`, which would take some minutes for so many cases.
                    if Scan.error(changed) != expected { Issue.record("\(byte) at \(index) of \(length)") }
                }
            }
        }
    }

    static let notUTF8: [[UInt8]] = [
        [0x80], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98],
    ]

    @Test(arguments: notUTF8)
    func refusesBytesThatAreNotUTF8(_ bytes: [UInt8]) {
        let quoted = Array("[\"".utf8) + bytes + Array("\"]".utf8)
        #expect(Scan.parserError(quoted) == JSONError(.badUTF8, at: 2))
    }

    @Test(arguments: notUTF8)
    func refusesThemBesideAnEscapeAndInAKey(_ bytes: [UInt8]) {
        let escaped = Array("[\"\\n".utf8) + bytes + Array("\"]".utf8)
        #expect(Scan.parserError(escaped)?.reason == .badUTF8)
        let key = Array("{\"".utf8) + bytes + Array("\":1}".utf8)
        #expect(Scan.parserError(key)?.reason == .badUTF8)
    }
}
