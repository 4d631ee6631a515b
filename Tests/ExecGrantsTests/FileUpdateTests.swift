import Testing

@testable import ExecGrants

@Suite struct FileUpdateTests {
    @Test(arguments: FileUpdateCorpus.updates.indices)
    func itMakesOfAFileWhatCodexMakesOfIt(_ index: Int) throws {
        let (diff, before, after) = FileUpdateCorpus.updates[index]
        let made = FileUpdate(diff: diff)?.applied(to: Array(before.utf8))
        #expect(made == after.map { Array($0.utf8) }, "\(diff.debugDescription) of \(before.debugDescription)")
    }

    /// Context lines keep the file's text, even if the patch writes them differently.
    @Test func contextStaysAsItIs() throws {
        let update = try #require(FileUpdate(diff: "@@\n x = \"a\" - b\n-end\n+END"))
        let made = update.applied(to: Array("  x = \u{201C}a\u{201D} \u{2014} b\nend\n".utf8))
        #expect(made == Array("  x = \u{201C}a\u{201D} \u{2014} b\nEND\n".utf8))
    }

    @Test(arguments: [
        "", "x", "@@", "@@\n@@\n-a", "@@ a", "@@\n-a\n*** Delete File: b", "@@\n-a\n *** Delete File: b",
        "@@\n-a\n\t*** End Patch",
        "@@\n-a\n*** End of File\n-b", "*** End of File", "@@@\n-a", "@@\n-a\rb", "@@\n-a\r\r",
    ])
    func whatCodexMayReadOtherwiseIsNothing(_ diff: String) { #expect(FileUpdate(diff: diff) == nil) }

    @Test func aFileThatIsNoTextIsNotChanged() throws {
        let update = try #require(FileUpdate(diff: "@@\n-a\n+b"))
        #expect(update.applied(to: [0x61, 0x0A, 0xFF]) == nil)
        #expect(update.applied(to: []) == nil)
        #expect(update.applied(to: Array("a".utf8)) == Array("b\n".utf8))
    }
}
