import Testing

@testable import ExecGrants

struct PatchTests {
    private func operation(_ name: String, _ path: String, _ more: String = "") -> FileOperation? {
        FileOperation(
            Array(#"{"operation":"\#(name)","params":{"path":"file://\#(path)"\#(more),"sandbox":null}}"#.utf8))
    }

    private func write(_ path: String, _ base64: String) -> FileOperation? {
        operation("fs/writeFile", path, #","dataBase64":"\#(base64)""#)
    }

    private func table(_ files: PatchGrant.File..., call: String = "c") -> GrantTable {
        var table = GrantTable(denied: [])
        table.add(PatchGrant(threadID: "t", turnID: "u", callID: call, files: files), now: 0)
        return table
    }

    private func admits(
        _ file: PatchGrant.File, _ operation: FileOperation?, before: String? = nil, now: Double = 1
    ) throws -> Bool {
        var table = table(file)
        return try table.does(operation, before: before, now: now) == nil
    }

    private func update(_ diff: String) throws -> FileUpdate { try #require(FileUpdate(diff: diff)) }

    @Test(arguments: [("/work/a", true), ("/work/b", false)])
    func whatIsWrittenGoesWhereItWasShownToGo(_ target: String, _ isSame: Bool) throws {
        var table = table(.init(path: "/work/a", change: .add(content: Array("a\n".utf8)), target: "/work/a"))
        #expect(try (table.does(write("/work/a", "YQo="), resolve: { _ in target }) == nil) == isSame)
    }

    /// Deletes the name, not a link's target, in the directory that was approved.
    @Test(arguments: [("/work/d", true), ("/elsewhere", false)])
    func whatIsRemovedIsWhereItWasShown(_ directory: String, _ isSame: Bool) throws {
        var table = table(.init(path: "/work/d/a", change: .delete, target: "/any", place: "/work/d/a"))
        let objection = try table.does(
            operation("fs/remove", "/work/d/a"), resolve: { $0 == "/work/d" ? directory : $0 })
        #expect((objection == nil) == isSame)
    }

    @Test func lookingNeedsAGrantToo() throws {
        var table = GrantTable(denied: [])
        let (look, other) = (operation("fs/readFile", "/work/a"), operation("fs/readFile", "/work/b"))
        #expect(try table.does(look) == "it was not approved")
        table.add(LookGrant(threadID: "t", turnID: "u", path: "/work/a"), now: 0)
        for _ in 0..<2 { #expect(try table.does(look) == nil) }
        #expect(try table.does(other) != nil)
        #expect(try table.does(write("/work/a", "YQo=")) != nil)
        table.revoke(turn: "u")
        #expect(try table.does(look) != nil)
    }

    @Test func aPatchLooksAtItsFiles() throws {
        let file = PatchGrant.File(path: "/work/a", change: .update(try update("-a"), movedTo: "/work/b"))
        for path in ["/work/a", "/work/b"] { #expect(try admits(file, operation("fs/getMetadata", path))) }
        #expect(try !admits(file, operation("fs/getMetadata", "/work/c")))
    }

    @Test func anAddedFileHasTheContentThatWasShown() throws {
        let file = PatchGrant.File(path: "/work/d/a", change: .add(content: Array("one\ntwo\n".utf8)))
        #expect(try admits(file, write("/work/d/a", "b25lCnR3bwo=")))
        #expect(try !admits(file, write("/work/d/a", "b25lCnR3b3MK")))
        // Without the last line end.
        #expect(try !admits(file, write("/work/d/a", "b25lCnR3bw==")))
        #expect(try !admits(file, write("/work/d/b", "b25lCnR3bwo=")))
        #expect(try admits(file, operation("fs/createDirectory", "/work/d", #","recursive":true"#)))
        #expect(try !admits(file, operation("fs/createDirectory", "/work/e", #","recursive":true"#)))
        #expect(try !admits(file, operation("fs/remove", "/work/d/a")))
        #expect(try !admits(file, write("/work/d/a", "b25lCnR3bwo="), now: GrantTable.lifetimeSeconds))
    }

    @Test func anUpdateWritesExactlyWhatItsHunksMakeOfTheFile() throws {
        let file = PatchGrant.File(path: "/work/a", change: .update(try update(" one\n-two\n+TWO"), movedTo: nil))
        // "one\nTWO\n"
        #expect(try admits(file, write("/work/a", "b25lClRXTwo="), before: "one\ntwo\n"))
        // "one\nTWO\nmore\n"
        #expect(try !admits(file, write("/work/a", "b25lClRXTwptb3JlCg=="), before: "one\ntwo\n"))
        // Deletes a line that the patch does not name.
        #expect(try !admits(file, write("/work/a", "b25lClRXTwo="), before: "one\ntwo\nthree\n"))
        // "TWO\none\n": moved; "TWO\n": without context; "one\none\nTWO\n": context twice; "one\n": nothing else.
        for other in ["VFdPCm9uZQo=", "VFdPCg==", "b25lCm9uZQpUV08K", "b25lCg=="] {
            #expect(try !admits(file, write("/work/a", other), before: "one\ntwo\n"))
        }
        #expect(try !admits(file, operation("fs/remove", "/work/a")))
    }

    /// Also if the file cannot be read because descriptors are exhausted, or is too long.
    @Test func aFileThatCannotBeReadIsNotUpdated() throws {
        let addition = PatchGrant.File(path: "/work/a", change: .update(try update("+one"), movedTo: nil))
        #expect(try admits(addition, write("/work/a", "b25lCg=="), before: ""))
        #expect(try !admits(addition, write("/work/a", "b25lCg=="), before: nil))
    }

    @Test func aMovedFileGoesToWhereItWasShown() throws {
        let file = PatchGrant.File(path: "/work/a", change: .update(try update("-one\n+ONE"), movedTo: "/work/b"))
        #expect(try admits(file, write("/work/b", "T05FCg=="), before: "one\n"))
        #expect(try !admits(file, write("/work/a", "T05FCg=="), before: "one\n"))
        var table = table(file)
        let remove = operation("fs/remove", "/work/a", #","recursive":false,"force":false"#)
        #expect(try table.does(remove) != nil, "it is not yet written anywhere")
        #expect(try table.does(write("/work/b", "T05FCg=="), before: "one\n") == nil)
        #expect(try table.does(operation("fs/remove", "/work/b")) != nil)
        #expect(try table.does(remove) == nil)
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

    @Test func eachChangeIsMadeOnce() throws {
        var table = table(
            .init(path: "/work/a", change: .update(try update("+one"), movedTo: nil)),
            .init(path: "/work/b", change: .add(content: Array("b\n".utf8))))
        let (look, first, second) = (
            operation("fs/readFile", "/work/a"), write("/work/a", "b25lCg=="), write("/work/b", "Ygo=")
        )
        for _ in 0..<3 { #expect(try table.does(look) == nil) }
        #expect(try table.does(first, before: "") == nil)
        #expect(try table.does(first, before: "") != nil)
        #expect(try table.does(look) != nil)
        #expect(try table.does(second) == nil)
        #expect(try table.does(second) != nil)
    }

    /// codex writes, finds that the directory is missing, creates it, and writes again.
    @Test func whatCannotBeWrittenYetIsWrittenAgain() throws {
        var table = table(.init(path: "/work/d/a", change: .add(content: Array("b\n".utf8))))
        let file = write("/work/d/a", "Ygo=")
        #expect(try table.does(file, isDirectory: { $0 != "/work/d" }) == nil)
        #expect(try table.does(operation("fs/createDirectory", "/work/d")) == nil)
        #expect(try table.does(file) == nil)
        #expect(try table.does(file) != nil)
    }

    /// Two helpers are checked at the same time.
    @Test func whatWasFoundAllowedTwiceIsDoneOnce() throws {
        var table = table(.init(path: "/work/a", change: .delete))
        let remove = try #require(operation("fs/remove", "/work/a"))
        let permits = try (0..<2).map { _ in
            try table.permit(for: remove, now: 1, .none).get()
        }
        #expect(permits.map { table.take($0, now: 1) } == [true, false])
    }

    /// The server cannot tell which patch a helper belongs to: either one may make a change that was approved twice.
    @Test func twoPatchesThatMakeTheSameAreOneAsGoodAsTheOther() throws {
        let file = PatchGrant.File(path: "/work/a", change: .delete)
        var table = table(file)
        table.add(PatchGrant(threadID: "other", turnID: "v", callID: "d", files: [file]), now: 0)
        let remove = operation("fs/remove", "/work/a")
        for _ in 0..<2 { #expect(try table.does(remove) == nil) }
        #expect(try table.does(remove) != nil)
    }

    @Test func aPatchThatIsApprovedAgainStartsAnew() throws {
        let patch = PatchGrant(
            threadID: "t", turnID: "u", callID: "c", files: [.init(path: "/work/a", change: .delete)])
        var table = GrantTable(denied: [])
        for _ in 0..<2 { table.add(patch, now: 0) }
        #expect(try table.does(operation("fs/remove", "/work/a")) == nil)
        #expect(try table.does(operation("fs/remove", "/work/a")) != nil)
    }

    @Test func aPatchThatIsDoneAllowsNothingMore() throws {
        var table = table(.init(path: "/work/a", change: .delete))
        let look = operation("fs/getMetadata", "/work/a")
        table.revokePatch(thread: "t", turn: "another", call: "c")
        #expect(try table.does(look) == nil)
        table.revokePatch(thread: "t", turn: "u", call: "c")
        #expect(try table.does(look) != nil)
    }

    @Test func whatNobodyFollowsEndsSoon() throws {
        var table = table(.init(path: "/work/a", change: .delete))
        table.add(LookGrant(threadID: "t", turnID: "u", path: "/work/p"), now: 0)
        table.limit(thread: "another", now: 100)
        let looks = [operation("fs/getMetadata", "/work/a"), operation("fs/readFile", "/work/p")]
        for look in looks { #expect(try table.does(look, now: 200) == nil) }
        table.limit(thread: "t", now: 200)
        table.limit(thread: "t", now: 210)
        for look in looks { #expect(try table.does(look, now: 200 + GrantTable.unattendedSeconds - 1) == nil) }
        for look in looks { #expect(try table.does(look, now: 200 + GrantTable.unattendedSeconds) != nil) }
    }

    /// Its last subscriber has left, but codex is still writing.
    @Test func aLongPatchIsNotCutInHalf() throws {
        let files = (0..<40).map { PatchGrant.File(path: "/work/\($0)", change: .delete) }
        var table = GrantTable(denied: [])
        table.add(PatchGrant(threadID: "t", turnID: "u", callID: "c", files: files), now: 0)
        table.limit(thread: "t", now: 0)
        let step = GrantTable.unattendedSeconds - 1
        for index in 0..<39 {
            #expect(try table.does(operation("fs/remove", "/work/\(index)"), now: Double(index + 1) * step) == nil)
        }
        #expect(try table.does(operation("fs/remove", "/work/39"), now: 40 * step + 2) != nil)
        #expect(40 * step < GrantTable.lifetimeSeconds)
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

extension GrantTable {
    /// The reason why an operation is not allowed; nil if it is allowed, in which case it counts as done.
    fileprivate mutating func does(
        _ operation: FileOperation?, before: String? = nil, now: Double = 1,
        resolve: @escaping @Sendable (String) -> String = { $0 },
        stamp: @escaping @Sendable (String) -> FileStamp = { _ in FileStamp(name: nil, file: nil) },
        isDirectory: @escaping @Sendable (String) -> Bool = { _ in true }
    ) throws -> String? {
        let operation = try #require(operation)
        let present = PresentFiles(
            content: { _ in before.map { Array($0.utf8) } }, resolve: resolve, stamp: stamp, isDirectory: isDirectory)
        switch permit(for: operation, now: now, present) {
        case .failure(let objection): return objection.reason
        case .success(let permit): return take(permit, now: now) ? nil : "too late"
        }
    }
}

extension PresentFiles {
    fileprivate static let none = PresentFiles(
        content: { _ in nil }, resolve: { $0 }, stamp: { _ in FileStamp(name: nil, file: nil) },
        isDirectory: { _ in true })
}
