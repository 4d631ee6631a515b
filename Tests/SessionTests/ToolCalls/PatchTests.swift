import Session
import Testing

/// Patches in the format of codex's `apply_patch`.
@Suite struct PatchTests {
    @Test func aFileIsAdded() throws {
        let changes = try changes("*** Add File: a/b c.txt", "+one", "+", "+ two")
        #expect(changes.count == 1)
        #expect(changes[0].path == "a/b c.txt")
        #expect(changes[0].kind == .add)
        #expect(changes[0].diff == "one\n\n two\n")
    }

    @Test func aFileIsDeleted() throws {
        let changes = try changes("*** Delete File: /etc/motd")
        #expect(changes.map(\.path) == ["/etc/motd"])
        #expect(changes[0].kind == .delete && changes[0].diff.isEmpty)
    }

    @Test func aFileIsUpdated() throws {
        let changes = try changes(
            "*** Update File: a", "@@ func f()", " context", "-old", "+new", "", "@@", "-x", "*** End of File")
        #expect(changes[0].kind == .update(movePath: nil))
        #expect(changes[0].diff == "@@ func f()\n context\n-old\n+new\n\n@@\n-x\n*** End of File")
    }

    @Test func aFileIsMoved() throws {
        let changes = try changes("*** Update File: a", "*** Move to: b/../c", "@@", "-x", "+y")
        #expect(changes[0].path == "a")
        #expect(changes[0].kind == .update(movePath: "b/../c"))
        #expect(changes[0].diff == "@@\n-x\n+y")
    }

    @Test func allFilesOfOnePatchAreRead() throws {
        let changes = try changes(
            "*** Add File: a", "+1", "*** Delete File: b", "*** Update File: c", "@@", "+2", "*** Update File: d",
            "*** Move to: e", "*** Delete File: f")
        #expect(changes.map(\.path) == ["a", "b", "c", "d", "f"])
        #expect(changes.map(\.kind) == [.add, .delete, .update(movePath: nil), .update(movePath: "e"), .delete])
    }

    @Test func blankLinesAroundItAreNothing() throws {
        let patch = Patch(text: "\n  \n*** Begin Patch\n*** Delete File: a\n*** End Patch\n \n")
        #expect(try patch.changes().map(\.path) == ["a"])
    }

    @Test(arguments: [
        "", " ", "\n", "*** Begin Patch", "*** End Patch", "*** Begin Patch\n*** End Patch",
        "*** Begin Patch\n\n*** End Patch",
        "*** Begin Patch\n*** Delete File: a", "*** Delete File: a\n*** End Patch",
        "x\n*** Begin Patch\n*** Delete File: a\n*** End Patch",
        "*** Begin Patch\n*** Delete File: a\n*** End Patch\nx",
        " *** Begin Patch\n*** Delete File: a\n*** End Patch", "*** Begin Patch \n*** Delete File: a\n*** End Patch",
        "*** Begin Patch\n*** Add File: a\nno plus\n*** End Patch",
        "*** Begin Patch\n*** Delete File: a\nmore\n*** End Patch",
        "*** Begin Patch\n*** Rename File: a\n*** End Patch", "*** Begin Patch\n*** Move to: a\n*** End Patch",
        "*** Begin Patch\nstray\n*** Delete File: a\n*** End Patch", "*** Begin Patch\n*** Add File:a\n*** End Patch",
        "*** Begin Patch\n*** Add File: a\n+1\n*** Begin Patch\n*** End Patch",
        "*** begin patch\n*** Delete File: a\n*** End Patch",
        "*** Begin Patch\n*** Update File: a\n@@\n*** Move to: b\n*** End Patch",
    ])
    func whatIsNoPatchIsRefused(_ text: String) {
        #expect(throws: Patch.Fault.self) { try Patch(text: text).changes() }
    }

    /// codex ends a line only at 0x0A. A reader with other line ends would show one file and change two.
    @Test(arguments: ["\r", "\u{85}", "\u{2028}", "\u{0B}"])
    func aSectionCannotHideBehindAnotherLineEnd(_ hiding: String) throws {
        let text = "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\(hiding)\n*** Delete File: secret\n*** End Patch"
        #expect(try Patch(text: text).changes().map(\.path) == ["a", "secret"])
    }

    /// codex trims white space, including Unicode's, from headers, and would change another file than the one shown.
    @Test(
        arguments: ["a ", "a\t", "a\r", "a\u{A0}", "a\u{85}", "a\u{3000}", "a\u{2028}", "a\u{2003}", "", " ", " a"],
        ["*** Add File: ", "*** Delete File: ", "*** Update File: "])
    func aPathThatCodexWouldReadOtherwiseIsRefused(_ path: String, _ header: String) {
        #expect(throws: Patch.Fault.self) { try changes(header + path) }
    }

    @Test func whatOnlyLooksLikeALineEndIsNone() throws {
        let changes = try changes("*** Add File: a", "+1\u{2028}*** Delete File: b", "+2\u{85}3")
        #expect(changes.map(\.path) == ["a"])
        #expect(changes[0].diff == "1\u{2028}*** Delete File: b\n2\u{85}3\n")
    }

    private func changes(_ lines: String...) throws -> [Patch.Change] {
        try Patch(text: (["*** Begin Patch"] + lines + ["*** End Patch"]).joined(separator: "\n")).changes()
    }
}
