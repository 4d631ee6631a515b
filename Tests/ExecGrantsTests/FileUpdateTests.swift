import Testing

@testable import ExecGrants

@Suite struct FileUpdateTests {
    @Test(arguments: FileUpdateCorpus.updates.indices)
    func itMakesOfAFileWhatCodexMakesOfIt(_ index: Int) throws {
        let (diff, before, after) = FileUpdateCorpus.updates[index]
        let made = FileUpdate(diff: diff)?.applied(to: Array(before.utf8))
        #expect(made == after.map { Array($0.utf8) }, "\(diff.debugDescription) of \(before.debugDescription)")
    }

    /// Numbers of the first old and new line of each hunk; nil: none rather than false ones.
    @Test(
        arguments: [
            ("@@\n b\n-c\n+C\n+D\n@@\n-e", "a\nb\nc\nd\ne\n", [[2, 2], [5, 6]]),
            ("@@ def two\n-x\n+y", "def one\nx\ndef two\nx\n", [[4, 4]]),
            ("@@\n-x\n+y\n*** End of File", "x\nx\nx\n", [[3, 3]]),
            // Added lines alone go to the end, so the hunk behind them comes first.
            ("@@\n+end\n@@\n-a", "a\nb\n", [[3, 2], [1, 1]]),
            ("-a\n+b", "a\n", [[1, 1]]),
            // The empty line is the file's last line end, not a line.
            ("@@\n-b\n+c\n", "a\nb\n", [nil]),
            ("@@\n-x", "a\n", [nil]), ("@@\n-a\n@@\n-a", "a\n", [nil, nil]),
        ] as [(String, String, [[Int]?])])
    func whereItApplies(_ diff: String, _ content: String, _ places: [[Int]?]) throws {
        let update = try #require(FileUpdate(diff: diff))
        #expect(update.places(in: Array(content.utf8)).map { $0.map { [$0.before, $0.after] } } == places)
    }

    @Test func aSearchThatTakesTooLongIsNotMade() throws {
        let update = try #require(FileUpdate(diff: "@@\n-end"))
        let lines = [UInt8](repeating: 0x0A, count: 1_000_000) + Array("end\n".utf8)
        #expect(update.places(in: lines) == [nil])
        #expect(update.places(in: Array(lines.dropFirst(900_000))) == [.init(before: 100_001, after: 100_001)])
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
