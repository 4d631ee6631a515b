import JSON
import Testing

/// Finds one member in the bytes without building values.
@Suite struct FindTests {
    static let text = #" {"a": {"id" : "x,}", "n": [1, {"id":2}]}, "\u0062": {"c": {"id": null}}, "e":{}, "s":"t"} "#

    @Test(arguments: [
        (["a", "id"], #""x,}""#), (["a", "n"], #"[1, {"id":2}]"#), (["b", "c", "id"], "null"), (["e"], "{}"),
        (["s"], #""t""#), (["b", "c"], #"{"id": null}"#),
    ])
    func findsTheBytesOfTheValue(_ path: [String], _ value: String) {
        #expect(Self.find(path, in: Self.text) == value)
    }

    @Test(arguments: [
        ["x"], ["a", "x"], ["a", "id", "x"], ["a", "n", "id"], ["a", "n", "0"], ["e", "x"], ["s", "t"], ["id"], ["c"],
        ["u0062"],
    ])
    func saysNilForWhatIsNotThere(_ path: [String]) {
        #expect(Self.find(path, in: Self.text) == nil)
    }

    @Test(arguments: ["", "[]", "7", #"{"a""#, #"{"a":"#, #"{a:1}"#, #"{"b":[1,"a":1}"#, #"{"b":01,"a":1}"#])
    func saysNilForBrokenText(_ text: String) {
        #expect(Self.find(["a"], in: text) == nil)
    }

    @Test func startsInTheRangeItIsGiven() throws {
        let bytes = Array(#"{"id":1,"params":{"id":2,"in":{"id":3}}}"#.utf8)
        try bytes.withUnsafeBytes { bytes in
            let params = try #require(JSONScanner.find("params", in: bytes))
            let found = try #require(JSONScanner.find("id", in: bytes, at: params))
            #expect(String(decoding: bytes[found], as: UTF8.self) == "2")
            let inner = try #require(JSONScanner.find("in", "id", in: bytes, at: params))
            #expect(String(decoding: bytes[inner], as: UTF8.self) == "3")
        }
    }

    @Test func noPathIsTheWholeText() {
        Array("[1]".utf8).withUnsafeBytes { bytes in
            #expect(JSONScanner.find(in: bytes) == 0..<3)
        }
    }

    private static func find(_ path: [String], in text: String) -> String? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var range: Range<Int>? = 0..<bytes.count
            for key in path {
                guard let at = range else { return nil }
                range = JSONScanner.find(key, in: bytes, at: at)
            }
            return range.map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }
}
