import JSON
import Testing

/// The grammar of RFC 8259, text by text. The parser builds values, the scanner only walks the text; they must agree.
@Suite struct GrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "7", "-12", "10", "3.25", "-0.5", "1e5", "1E5", "1e+5", "1e-5", "0e0",
        "0.0E-0", "123456789012345678901234567890", "1e400", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#,
        #""\uABCD\uabcd""#, #""\uD83D\uDE00""#, "\"\u{7F}\"", "\"\u{2028}\u{1F600}\"", "[]", "[ ]", "[1]", "[1,2]",
        "[[],[[]]]", "{}", "{ }", #"{"":0}"#, #"{"a":1}"#, #"{"a":1,"b":[{}]}"#, " \t\r\n1\t\r\n ",
        " [ 1 , 2 ] ", #" { "a" : 1 , "b" : 2 } "#,
    ])
    func accepts(_ text: String) {
        #expect(Scan.parserError(Array(text.utf8)) == nil)
        #expect(Scan.error(Array(text.utf8)) == nil)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), (" \n", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3),
            ("nulx", .unexpectedByte, 3),
            ("True", .unexpectedByte, 0), ("tru ", .unexpectedByte, 3), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("undefined", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0),
            ("\u{FEFF}1", .unexpectedByte, 0), ("/**/1", .unexpectedByte, 0), ("\u{0B}1", .unexpectedByte, 0),
            ("\u{A0}1", .unexpectedByte, 0), ("\u{0C}1", .unexpectedByte, 0), ("\0", .unexpectedByte, 0),
        ] as [(String, JSONError.Reason, Int)])
    func refusesWhatIsNoValue(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        expectRefusal(text, JSONError(reason, at: offset))
    }

    @Test(
        arguments: [
            ("01", .badNumber, 1), ("-01", .badNumber, 2), ("00", .badNumber, 1), ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("-", .unexpectedEnd, 1), ("-a", .unexpectedByte, 1),
            ("--1", .unexpectedByte, 1),
            ("1.", .unexpectedEnd, 2), ("1.e5", .unexpectedByte, 2), ("1e", .unexpectedEnd, 2),
            ("1e+", .unexpectedEnd, 3),
            ("1e+-5", .unexpectedByte, 3), ("0x10", .trailingBytes, 1), ("1_000", .trailingBytes, 1),
            ("1.5.5", .trailingBytes, 3), ("-Infinity", .unexpectedByte, 1), ("١", .unexpectedByte, 0),
        ] as [(String, JSONError.Reason, Int)])
    func refusesWhatIsNoNumber(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        expectRefusal(text, JSONError(reason, at: offset))
    }

    @Test(
        arguments: [
            ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
            ("[1,]", .unexpectedByte, 3),
            ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2),
            ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5),
            (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":1,"#, .unexpectedEnd, 7), (#"{"a":1,}"#, .unexpectedByte, 7),
            (#"{,}"#, .unexpectedByte, 1), (#"{a:1}"#, .unexpectedByte, 1), (#"{1:1}"#, .unexpectedByte, 1),
            (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a"::1}"#, .unexpectedByte, 5),
            (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
            (#"{"a":1]"#, .unexpectedByte, 6), ("]", .unexpectedByte, 0), ("}", .unexpectedByte, 0),
            ("1 2", .trailingBytes, 2), ("{}{}", .trailingBytes, 2), ("[]]", .trailingBytes, 2),
            ("1,", .trailingBytes, 1),
            ("null\0", .trailingBytes, 4), (#""a" "b""#, .trailingBytes, 4), ("{}//", .trailingBytes, 2),
        ] as [(String, JSONError.Reason, Int)])
    func refusesBrokenStructure(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        expectRefusal(text, JSONError(reason, at: offset))
    }

    @Test func saysWhereAndWhy() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,]") }
        #expect(error?.description == "unexpected character at byte 3")
    }

    private func expectRefusal(_ text: String, _ error: JSONError) {
        #expect(Scan.parserError(Array(text.utf8)) == error)
        #expect(Scan.error(Array(text.utf8)) == error)
    }
}
