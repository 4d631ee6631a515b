import Testing

@testable import ExecGate

struct PatchTests {
    private func operation(_ name: String, _ path: String, _ more: String = "") -> FileOperation? {
        FileOperation(
            Array(#"{"operation":"\#(name)","params":{"path":"file://\#(path)"\#(more),"sandbox":null}}"#.utf8))
    }

    private func write(_ path: String, _ base64: String) -> FileOperation? {
        operation("fs/writeFile", path, #","dataBase64":"\#(base64)""#)
    }

    private func admits(
        _ file: PatchGrant.File, _ operation: FileOperation?, before: String? = nil, now: Double = 1
    ) throws -> Bool {
        var table = GrantTable(denied: [])
        table.add(PatchGrant(threadID: "t", turnID: "u", callID: "c", files: [file]), now: 0)
        return table.admits(
            try #require(operation), now: now, content: { _ in before.map { Array($0.utf8) } }, resolve: { $0 })
    }

    private func lines(_ texts: String...) -> Set<[UInt8]> { Set(texts.map { Array($0.utf8) }) }

    @Test(arguments: [("/work/a", true), ("/work/b", false)])
    func whatIsWrittenGoesWhereItWasShownToGo(_ target: String, _ isSame: Bool) throws {
        var table = GrantTable(denied: [])
        let file = PatchGrant.File(path: "/work/a", change: .add(content: Array("a\n".utf8)), target: "/work/a")
        table.add(PatchGrant(threadID: "t", turnID: "u", callID: "c", files: [file]), now: 0)
        let operation = try #require(write("/work/a", "YQo="))
        #expect(table.admits(operation, now: 1, content: { _ in nil }, resolve: { _ in target }) == isSame)
    }

    @Test func lookingNeedsAGrantToo() throws {
        var table = GrantTable(denied: [])
        let (look, other) = (operation("fs/readFile", "/work/a"), operation("fs/readFile", "/work/b"))
        #expect(!table.admits(try #require(look), now: 1, content: { _ in nil }, resolve: { $0 }))
        table.add(LookGrant(turnID: "u", path: "/work/a"), now: 0)
        #expect(table.admits(try #require(look), now: 1, content: { _ in nil }, resolve: { $0 }))
        #expect(!table.admits(try #require(other), now: 1, content: { _ in nil }, resolve: { $0 }))
        #expect(!table.admits(try #require(write("/work/a", "YQo=")), now: 1, content: { _ in nil }, resolve: { $0 }))
        table.revoke(turn: "u")
        #expect(!table.admits(try #require(look), now: 1, content: { _ in nil }, resolve: { $0 }))
    }

    @Test func aPatchLooksAtItsFiles() throws {
        let file = PatchGrant.File(path: "/work/a", change: .update(old: [], new: [], movedTo: "/work/b"))
        for path in ["/work/a", "/work/b"] { #expect(try admits(file, operation("fs/getMetadata", path))) }
        #expect(try !admits(file, operation("fs/getMetadata", "/work/c")))
    }

    @Test func anAddedFileHasTheContentThatWasShown() throws {
        let file = PatchGrant.File(path: "/work/d/a", change: .add(content: Array("one\ntwo\n".utf8)))
        #expect(try admits(file, write("/work/d/a", "b25lCnR3bwo=")))
        #expect(try !admits(file, write("/work/d/a", "b25lCnR3b3MK")))
        #expect(try !admits(file, write("/work/d/b", "b25lCnR3bwo=")))
        #expect(try admits(file, operation("fs/createDirectory", "/work/d", #","recursive":true"#)))
        #expect(try !admits(file, operation("fs/createDirectory", "/work/e", #","recursive":true"#)))
        #expect(try !admits(file, operation("fs/remove", "/work/d/a")))
        #expect(try !admits(file, write("/work/d/a", "b25lCnR3bwo="), now: GrantTable.lifetimeSeconds))
    }

    @Test func anUpdateChangesTheLinesThatWereShown() throws {
        let file = PatchGrant.File(
            path: "/work/a", change: .update(old: lines("one", "two"), new: lines("one", "TWO"), movedTo: nil))
        #expect(try admits(file, write("/work/a", "b25lClRXTwo="), before: "one\ntwo\n"))
        // "one\nTWO\nmore\n"
        #expect(try !admits(file, write("/work/a", "b25lClRXTwptb3JlCg=="), before: "one\ntwo\n"))
        // A line that the patch does not name goes.
        #expect(try !admits(file, write("/work/a", "b25lClRXTwo="), before: "one\ntwo\nthree\n"))
        #expect(try !admits(file, operation("fs/remove", "/work/a")))
    }

    @Test func aMovedFileGoesToWhereItWasShown() throws {
        let file = PatchGrant.File(
            path: "/work/a", change: .update(old: lines("one"), new: lines("ONE"), movedTo: "/work/b"))
        #expect(try admits(file, write("/work/b", "T05FCg=="), before: "one\n"))
        #expect(try !admits(file, write("/work/a", "T05FCg=="), before: "one\n"))
        #expect(try admits(file, operation("fs/remove", "/work/a", #","recursive":false,"force":false"#)))
        #expect(try !admits(file, operation("fs/remove", "/work/b")))
    }

    @Test func aDeletedFileGoes() throws {
        let file = PatchGrant.File(path: "/work/a", change: .delete)
        #expect(try admits(file, operation("fs/remove", "/work/a")))
        #expect(operation("fs/remove", "/work/a", #","recursive":true"#) == nil)
        #expect(try !admits(file, write("/work/a", "YQo=")))
    }

    @Test func aRelativePathEndsThePath() throws {
        let file = PatchGrant.File(path: "d/a", change: .delete)
        #expect(try admits(file, operation("fs/remove", "/work/d/a")))
        #expect(try !admits(file, operation("fs/remove", "/work/xd/a")))
        #expect(operation("fs/remove", "d/a") == nil)
    }

    @Test func aPatchThatIsDoneAllowsNothingMore() throws {
        var table = GrantTable(denied: [])
        let file = PatchGrant.File(path: "/work/a", change: .delete)
        table.add(PatchGrant(threadID: "t", turnID: "u", callID: "c", files: [file]), now: 0)
        let remove = try #require(operation("fs/remove", "/work/a"))
        table.revokePatch(thread: "t", turn: "another", call: "c")
        #expect(table.admits(remove, now: 1, content: { _ in nil }, resolve: { $0 }))
        table.revokePatch(thread: "t", turn: "u", call: "c")
        #expect(!table.admits(remove, now: 1, content: { _ in nil }, resolve: { $0 }))
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"operation":"fs/writeFile"}"#,
        #"{"operation":"fs/copy","params":{"path":"file:///a"}}"#,
        #"{"operation":"fs/writeFile","params":{"path":"file:///a","dataBase64":"?"}}"#,
        #"{"operation":"fs/writeFile","params":{"path":"file:///a","dataBase64":"YQo","mode":511}}"#,
        #"{"operation":"fs/writeFile","params":{"path":"file://host/a","dataBase64":"YQo="}}"#,
        #"{"operation":"fs/writeFile","params":{"path":"file:///a%00","dataBase64":"YQo="}}"#,
        #"{"operation":"fs/remove","params":{"path":"file:///a"}}{"operation":"fs/remove","params":{"path":"file:///b"}}"#,
        #"{"operation":"fs/remove","params":{"path":"file:///a"},"operation":"fs/getMetadata"}"#,
    ])
    func whatIsNotUnderstoodIsNothing(_ text: String) {
        #expect(FileOperation(Array(text.utf8)) == nil)
    }

    @Test func addressesAreDecoded() {
        #expect(operation("fs/readFile", "/a%20b/%C3%A9")?.path == "/a b/é")
    }

    @Test(arguments: [("", ""), ("YQ==", "a"), ("YWI=", "ab"), ("YWJj", "abc"), ("YWJjZA==", "abcd")])
    func base64(_ text: String, _ decoded: String) { #expect(Base64.decode(text) == Array(decoded.utf8)) }
}
