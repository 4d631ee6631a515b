import JSON
import Testing

/// The exact bytes of written values.
@Suite struct WriterTests {
    @Test(arguments: [
        ("\"\\/", #""\"\\/""#), ("\n\r\t", #""\n\r\t""#),
        ("\0\u{1}\u{8}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000c\u001f""#),
        ("\u{7F}", #""\u007f""#), ("é😀\u{2028}\u{202E}", "\"é😀\u{2028}\u{202E}\""), ("", #""""#),
        ("</script>", #""</script>""#),
    ])
    func stringsEscapeWhatTheyMustAndNothingElse(_ text: String, _ written: String) {
        #expect(JSONValue.string(text).serialized() == Array(written.utf8))
    }

    @Test func valuesAreCompact() {
        let value: JSONValue = ["a": [1, -2, 2.5, nil, true, false], "b": [:], "c": [], "d": ["e": "f"]]
        #expect(value.description == #"{"a":[1,-2,2.5,null,true,false],"b":{},"c":[],"d":{"e":"f"}}"#)
    }

    @Test func writingAppends() {
        var bytes = Array("data: ".utf8)
        JSONValue.array([1]).write(to: &bytes)
        #expect(bytes == Array("data: [1]".utf8))
    }

    @Test(arguments: [0, 1, -1, Int64.max, Int64.min])
    func integersAreWrittenInFull(_ integer: Int64) {
        #expect(JSONValue.number(JSONNumber(integer)).description == String(integer))
    }

    @Test(arguments: [0.0, -0.0, 1, 0.1, 1e21, 1e-9, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 5e15])
    func doublesComeBackAsTheyWere(_ double: Double) throws {
        let text = JSONValue.number(JSONNumber(double)).description
        #expect(try JSONValue(parsing: text).doubleValue?.bitPattern == double.bitPattern)
    }
}
