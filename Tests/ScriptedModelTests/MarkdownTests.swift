import Testing

@testable import ScriptedModel

@Suite("Text of a machine in an answer")
struct MarkdownTests {
    @Test(
        arguments: zip(
            ["a", "a`b", "`a`", "a\nb", " ", "```"],
            ["`a`", "``a`b``", "`` `a` ``", "`a b`", "(nothing)", "```` ``` ````"]))
    func `cannot leave its code span`(text: String, code: String) {
        #expect(Markdown.code(text) == code)
    }

    @Test func `cannot leave its block`() {
        #expect(Markdown.block("a\n```\nb", last: 2) == "````\n```\nb\n````")
    }

    @Test func `a long list is cut`() {
        #expect(Markdown.list(["a", "b", "c"], limit: 2) == "- a\n- b\n- … and 1 more")
    }

    @Test(arguments: zip([0.0, 1.005, 9.96, -0.25, 1e300], ["0.0", "1.0", "10.0", "-0.3", "1e+301"]))
    func `numbers without Foundation`(value: Double, text: String) {
        #expect(Quantity.decimal(value, digits: 1) == text)
    }
}
