import ExecGrants
import AuditRecord
import JSON
@testable import Session
import Testing

/// Patches with more effects than their lines show are refused before a person is asked.
@Suite struct PatchFaultTests {
    private func input(_ lines: String...) -> HookInput {
        let text = (["*** Begin Patch"] + lines + ["*** End Patch"]).joined(separator: "\n")
        return .call(tool: "apply_patch", input: ["command": .string(text)])
    }

    private func reason(_ input: HookInput) -> String? { PatchFault(input)?.reason }

    private func move(_ from: String, to: String) -> HookInput {
        input("*** Update File: \(from)", "*** Move to: \(to)", "@@", "-old", "+new")
    }

    @Test(arguments: ["a", "./a", "/w/a", "d/../a", "/w//a"])
    func aFileIsNotMovedOntoItself(_ target: String) throws {
        let reason = try #require(self.reason(move("a", to: target)))
        #expect(reason.contains("a would be moved to \(target), which is the same file"))
        #expect(reason.contains("*** Move to"))
    }

    private static let one = FileIdentity(device: 1, inode: 1)
    private static let two = FileIdentity(device: 1, inode: 2)

    @Test(
        arguments: [
            // Through a link; through a hard link or on a case-insensitive file system.
            ("/w/a", one, "/w/a", one, true), ("/w/a", one, "/w/b", one, true), ("/w/a", one, "/w/b", two, false),
            ("/w/a", one, "/w/A", nil, false), ("/w/a", one, "/w/b", nil, false),
        ] as [(String, FileIdentity?, String, FileIdentity?, Bool)])
    func norUnderAnotherName(
        _ source: String, _ identity: FileIdentity?, _ target: String, _ other: FileIdentity?,
        _ isSame: Bool
    ) {
        var input = move("a", to: "b")
        input.patchedFiles = [
            "/w/a": .init(target: source, content: nil, identity: identity),
            "/w/b": .init(target: target, content: nil, identity: other),
        ]
        #expect((reason(input) != nil) == isSame)
    }

    @Test(arguments: [
        ["*** Update File: a", "*** Move to: c", "@@", "-x", "*** Update File: b", "*** Move to: c", "@@", "-x"],
        ["*** Update File: a", "*** Move to: c", "@@", "-x", "*** Add File: ./c", "+gone"],
        ["*** Add File: a", "+x", "*** Delete File: /w/a"], ["*** Delete File: a", "*** Delete File: a"],
        ["*** Update File: a", "@@", "-x", "*** Delete File: d/../a"], ["*** Delete File: a", "*** Add File: a", "+x"],
        ["*** Update File: a", "@@", "-x", "*** Update File: a", "@@", "-y"],
        ["*** Update File: a", "*** Move to: b", "@@", "-x", "*** Update File: b", "*** Move to: c", "@@", "-y"],
    ])
    func noFileIsNamedTwice(_ lines: [String]) throws {
        let text = (["*** Begin Patch"] + lines + ["*** End Patch"]).joined(separator: "\n")
        let heredoc = "cd /w && apply_patch <<EOF\n\(text)\nEOF"
        for input in [HookInput.call(tool: "apply_patch", input: ["command": .string(text)]), .command(heredoc)] {
            #expect(try #require(reason(input)).contains("twice"))
        }
    }

    @Test(arguments: [("/w/link", false), ("/w/a", true)])
    func aLinkAndWhatItLeadsToMayBothGo(_ place: String, _ isSame: Bool) {
        var input = input("*** Delete File: link", "*** Delete File: a")
        input.patchedFiles = [
            "/w/link": .init(target: "/w/a", content: nil, identity: Self.one, place: place),
            "/w/a": .init(target: "/w/a", content: nil, identity: Self.one, place: "/w/a"),
        ]
        #expect((reason(input) != nil) == isSame)
    }

    @Test func twoNewFilesMayBeOneToTheFileSystem() {
        var input = input("*** Add File: A", "+x", "*** Add File: a", "+y")
        #expect(reason(input) == nil)
        input.patchedFiles = [
            "/w/A": .init(target: "/w/A", content: nil), "/w/a": .init(target: "/w/a", content: nil),
        ]
        #expect(reason(input) != nil)
    }

    @Test func whereNobodyKnowsTheDirectoryTheLastNameCounts() {
        var input = input("*** Update File: a", "*** Move to: d/b", "@@", "-x", "*** Delete File: /b")
        #expect(reason(input) == nil)
        input.directory = .unknown
        #expect(reason(input)?.contains("use absolute paths") == true)
    }

    @Test(arguments: ["@@", "+x\n\t*** Delete File: b", "@@\n-a\r\r"])
    func hunksThatCannotBeReadForCertain(_ hunks: String) {
        #expect(reason(input("*** Update File: a", hunks))?.contains("The hunks for a cannot be read") == true)
    }

    @Test func moreFilesThanAnybodyLooksThrough() {
        func patch(_ count: Int) -> HookInput {
            let lines = (0..<count).map { "*** Delete File: \($0)" }.joined(separator: "\n")
            return input(lines)
        }
        #expect(reason(patch(HookInput.patchedPathLimit)) == nil)
        #expect(reason(patch(HookInput.patchedPathLimit + 1)) != nil)
    }

    @Test func whatIsNoPatchHasNoFault() {
        #expect(reason(.command("mv a ./a")) == nil)
        #expect(reason(move("a", to: "b")) == nil)
    }

    /// Not even in a thread that asks nothing.
    @Test(arguments: [ApprovalPolicy.everyCommand, .never])
    func itIsRefusedAndRecordedAndNobodyIsAsked(_ policy: ApprovalPolicy) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: policy))
        _ = fixture.coordinator.takeNotes()
        let lines = fixture.lines(fixture.coordinator.hookAsked(move("a", to: "./a"), ticket: HookTicket(1), now: 1))
        #expect(lines.count == 1 && lines[0].hasPrefix("deny 1: a would be moved to ./a"))
        let notes = fixture.coordinator.takeNotes()
        #expect(notes.map(\.kind) == [.decisionByRule])
        #expect(notes.first?.details["decision"] == "decline")
        #expect(notes.first?.details["reason"]?.stringValue?.contains("the same file") == true)
    }
}
