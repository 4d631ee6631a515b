import ExecGrants
import JSON
import JSONRPC
@testable import Session
import Testing

/// The directory of a call, resolved with the links that existed when the thread was opened.
@Suite struct CallPlaceTests {
    private static let workspace = Machine.workspace
    private static let app = "/work/space/app"

    private static func place(
        _ cwd: String, _ directory: CommandDirectory? = nil, in place: ThreadPlace? = nil, named: String? = nil
    ) -> CallPlace {
        var input = HookInput.command("ls", cwd: cwd)
        input.directory = directory ?? .known(cwd)
        return CallPlace(input, place, cwd: named, Machine.policy())
    }

    @Test func aThreadsDirectoryIsWhereItLed() {
        let link = "/home/ann/link/app"
        let moved = ThreadPlace(directory: "/work/space", roots: ["/etc"])
        let found = Self.place(link, in: moved, named: link)
        #expect(found.directory == "/work/space")
        #expect(found.roots == ["/work/space", "/etc"])
        #expect(Self.place(link).directory == Self.app)
    }

    @Test func anotherNameOfAKnownThreadsIsTakenAsItIs() {
        let found = Self.place("/home/ann/link/app", in: ThreadPlace(directory: "/etc", roots: []), named: "/etc")
        #expect(found.roots == ["/home/ann/link/app"])
    }

    @Test func aCallsOwnDirectoryIsWhereItLeadsNow() {
        let thread = ThreadPlace(directory: Self.workspace, roots: [])
        let way = Self.place(Self.workspace, .known("/work/space/way-out"), in: thread, named: Self.workspace)
        #expect(way.directory == "/etc" && way.roots == [Self.workspace])
        let gone = Self.place(Self.workspace, .known("/work/space/gone"), in: thread, named: Self.workspace)
        #expect(gone.directory == "/work/space/gone")
        let beside = Self.place(Self.workspace, .known("/home/ann/link/app"), in: thread, named: Self.workspace)
        #expect(beside.directory == Self.app)
        #expect(Self.place(Self.workspace, .unknown, in: thread, named: Self.workspace).directory == nil)
    }

    /// The thread's directory has become a link, so paths below it are not resolved through it.
    @Test func belowADirectoryThatIsAnotherNothingIsResolved() {
        let thread = ThreadPlace(directory: "/work/space/way-out", roots: [])
        let below = Self.place("/t", .known("/t/passwd"), in: thread, named: "/t")
        #expect(below.directory == "/work/space/way-out/passwd")
    }

    @Test func theSandboxSaysWhatIsWritable() {
        let found = Self.place(Self.workspace)
        #expect(found.confinement(.readOnly, more: ["/x"]).writable == ["/x"])
        #expect(found.confinement(.workspaceWrite, more: ["/x"]).writable == [Self.workspace, "/x"])
        #expect(found.confinement(.dangerFullAccess, more: []) == Confinement(directory: Self.workspace, writable: nil))
    }
}

/// A thread stays where its directory's links led when a client named the directory.
@Suite struct ThreadPlaceTests {
    private static let link = "/home/ann/link/app"

    private static func mode(_ directory: String) -> ThreadMode {
        var mode = ThreadMode()
        mode.apply(.init(cwd: link, directory: directory, roots: ["/work/space"]))
        return mode
    }

    @Test func aTurnInADirectoryThatLeadsElsewhereIsRefused() throws {
        let policy = Machine.policy()
        try policy.checkThread(Self.mode("/work/space/app"), for: .local)
        let error = refusal { () throws(ErrorReply) in
            try policy.checkThread(Self.mode("/work/space"), for: .local)
        }
        #expect(error?.message.contains("leads to /work/space/app now") == true)
        // If the client names the directory again, the thread moves.
        let call = try TurnCall(
            "turn/start", params: ["threadId": "t", "input": [], "cwd": .string(Self.link)], principal: .local,
            policy: policy, known: { _ in Self.mode("/work/space") })
        #expect(call.change.directory == "/work/space/app")
    }

    @Test(arguments: [ThreadCall.Method.resume, .fork])
    func openingItAgainMovesNothing(_ method: ThreadCall.Method) throws {
        let policy = Machine.policy()
        for (known, isMoved) in [("/work/space/app", false), ("/work/space", true)] {
            var call = try ThreadCall(
                method, params: ["threadId": "t"], principal: .local, policy: policy, known: { _ in Self.mode(known) })
            let error = refusal { () throws(ErrorReply) in try call.settle(cwd: Self.link, policy: policy) }
            #expect((error != nil) == (isMoved && method == .fork))
            #expect(method == .fork || call.change.directory == nil)
        }
    }

    @Test func whatWasStoredWithAThreadIsLookedAtWhenItIsOpened() throws {
        let policy = Machine.policy()
        var call = try ThreadCall(
            .resume, params: ["threadId": "t"], principal: .local, policy: policy, known: { _ in nil })
        try call.settle(cwd: Self.link, policy: policy)
        let roots: JSONValue = ["runtimeWorkspaceRoots": [.string(Self.link), "/work/space/way-out", "/gone", 7]]
        let change = call.change(by: roots, policy: policy)
        #expect(change.directory == "/work/space/app")
        #expect(change.roots == ["/etc"])
    }
}
