@testable import Session
import Testing

/// codex redacts likely secrets in the commands that it reports.
@Suite struct RedactionTests {
    @Test(arguments: [
        ("echo Bearer [REDACTED_SECRET]", "echo Bearer abc"), ("[REDACTED_SECRET]", "abc"),
        ("a [REDACTED_SECRET] b [REDACTED_SECRET] c", "a 1 b 2 c"), ("a=[REDACTED_SECRET]; ls", "a=x; ls"),
    ])
    func whatWasTakenOutMayBeAnything(_ reported: String, _ text: String) {
        #expect(Redaction(reported).mayHide(text))
    }

    @Test(arguments: [
        ("ls", "ls"), ("ls", "rm x"), ("echo [REDACTED_SECRET]", "rm x"), ("echo [REDACTED_SECRET]", "Echo x"),
        ("echo [REDACTED_SECRET]; rm x", "echo y"), ("echo [REDACTED_SECRET]", "echo"),
        ("a [REDACTED_SECRET] b [REDACTED_SECRET] c", "a 1 c"), ("ab[REDACTED_SECRET]ba", "aba"),
        ("[redacted_secret]", "abc"),
    ])
    func theRestIsTheSame(_ reported: String, _ text: String) {
        #expect(!Redaction(reported).mayHide(text))
    }
}
