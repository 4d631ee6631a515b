import JSON
import Testing

/// Nesting depth and duplicate members.
@Suite struct LimitTests {
    static let shapes = [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")]

    @Test(arguments: shapes)
    func nestingUpToTheLimitPasses(_ opening: String, _ closing: String) {
        let text = Array(Self.nested(JSONScanner.maximumDepth, opening, closing).utf8)
        #expect(Scan.parserError(text) == nil)
        #expect(Scan.error(text) == nil)
    }

    @Test(arguments: shapes)
    func nestingPastItIsRefused(_ opening: String, _ closing: String) {
        let text = Array(Self.nested(JSONScanner.maximumDepth + 1, opening, closing).utf8)
        #expect(Scan.parserError(text)?.reason == .tooDeep)
        #expect(Scan.error(text) == Scan.parserError(text))
    }

    @Test func aMillionBracketsAreRefusedWithoutASound() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(Scan.parserError(text) == JSONError(.tooDeep, at: JSONScanner.maximumDepth))
        #expect(Scan.error(text) == JSONError(.tooDeep, at: JSONScanner.maximumDepth))
    }

    /// A value with `depth` levels of any shape.
    private static func nested(_ depth: Int, _ opening: String, _ closing: String) -> String {
        let levels = opening.filter { $0 == "[" || $0 == "{" }.count
        let (pairs, rest) = depth.quotientAndRemainder(dividingBy: levels)
        return String(repeating: "[", count: rest) + String(repeating: opening, count: pairs) + "0"
            + String(repeating: closing, count: pairs) + String(repeating: "]", count: rest)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), (#"{"\u0061":1,"a":2}"#, 12),
        (#"{"x":{"a":1,"b":2,"a":3}}"#, 18), (#"[{"":1,"":2}]"#, 7), (#"{"/":1,"\/":2}"#, 7),
        (#"{"😀":1,"\uD83D\uDE00":2}"#, 10),
    ])
    func aMemberThatAppearsTwiceIsRefused(_ text: String, _ offset: Int) {
        #expect(Scan.parserError(Array(text.utf8)) == JSONError(.duplicateKey, at: offset))
    }

    @Test(arguments: [
        #"{"a":1,"A":2}"#, #"{"a":{"a":1}}"#, #"[{"a":1},{"a":1}]"#, #"{"a":1,"a ":2}"#, #"{"a":1,"\\u0061":2}"#,
    ])
    func membersThatDifferAreNoDuplicates(_ text: String) throws {
        #expect(try JSONValue(parsing: text).description == text)
    }

    /// Two spellings of é are two members to every other JSON reader, including codex, because readers compare bytes.
    @Test func keysThatOnlyLookAlikeAreTwoMembers() throws {
        let value = try JSONValue(parsing: "{\"caf\u{E9}\":1,\"cafe\u{301}\":2}")
        #expect(value.objectValue?.count == 2)
        #expect(value["caf\u{E9}"] == 1)
        #expect(value["cafe\u{301}"] == 2)
    }
}
