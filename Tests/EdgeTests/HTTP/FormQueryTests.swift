@testable import Edge
import HummingbirdCore
import Testing

/// Search terms arrive as the person typed them.
@Suite struct FormQueryTests {
    @Test(
        arguments: [
            ("q=df", "df"), ("q=df+-h", "df -h"), ("q=df%20-h", "df -h"), ("q=c%2B%2B", "c++"), ("q=a%2Bb+c", "a+b c"),
            ("q=+", " "), ("q=%2B", "+"), ("q=", ""), ("q", ""),
            // A sequence that becomes an escape only after the plus is decoded is not an escape.
            ("q=%+20", "% 20"), ("q=%2+B", "%2 B"), ("q=100%+sure", "100% sure"),
            // A combining character after the plus does not hide the plus.
            ("q=a+\u{301}b", "a \u{301}b"), ("thread=t+1&q=x+y&limit=1", "x y"),
        ])
    func aPlusIsASpace(_ query: String, _ words: String) {
        #expect(URI("/api/v1/sre/audit?\(query)").formParameters["q"].map(String.init) == words)
    }

    @Test(arguments: ["/", "/?", "/?thread=q+q"])
    func whatIsNotThereIsNotFound(_ uri: String) {
        #expect(URI(uri).formParameters["q"] == nil)
    }
}
