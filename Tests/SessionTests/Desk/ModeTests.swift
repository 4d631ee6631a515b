import JSON
@testable import Session
import Testing

/// What a thread may do unasked, and who is told.
@Suite struct ModeTests {
    @Test(arguments: [ApprovalPolicy.never, .sandboxOnly])
    func anUnattendedThreadAsksNothing(_ policy: ApprovalPolicy) {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", .init(policy: policy))
        #expect(room.ask(.command("ls")) == [#"allow 1 {"command":"ls"}"#])
        #expect(room.ask(.command("ls", thread: "other"), ticket: 2) == [])
    }

    @Test(arguments: [ApprovalPolicy.everyCommand, .granular(["granular": [:]])])
    func anyOtherThreadAsks(_ policy: ApprovalPolicy) {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.changeMode("t", .init(policy: policy))
        #expect(room.ask(.command("ls")) == ["show q1 to 1"])
    }

    @Test func everybodyIsToldOfAMarkAndOfItsEnd() {
        var room = Room(followedBy: Room.ann)
        _ = room.desk.opened(Room.bob)
        let marked = #"sre/threadMode {"threadId":"t","approvals":"unattended","sandbox":"workspaceWrite"}"#
        let plain = #"sre/threadMode {"threadId":"t","approvals":"everyCommand","sandbox":"workspaceWrite"}"#
        #expect(
            room.lines(room.desk.changeMode("t", .init(policy: .never))) == ["tell 1 \(marked)", "tell 2 \(marked)"])
        #expect(room.lines(room.desk.changeMode("t", .init(policy: .never))) == [])
        #expect(room.lines(room.desk.opened(Room.cho)) == ["tell 3 \(marked)"])
        let effects = room.desk.follow("t", by: Room.cho, change: .init(policy: .everyCommand), now: 0)
        #expect(room.lines(effects) == ["tell 1 \(plain)", "tell 2 \(plain)", "tell 3 \(plain)"])
        #expect(room.lines(room.desk.opened(SessionID(4))) == [])
    }

    @Test func aChangeThatNobodyMustSeeIsToldToTheOneWhoMadeIt() {
        var room = Room(followedBy: Room.ann)
        #expect(room.lines(room.desk.changeMode("t", .init(sandbox: .readOnly))) == [])
        let effects = room.desk.follow("t", by: Room.bob, change: .init(sandbox: .workspaceWrite), now: 0)
        #expect(
            room.lines(effects)
                == [#"tell 2 sre/threadMode {"threadId":"t","approvals":"everyCommand","sandbox":"workspaceWrite"}"#])
        #expect(room.lines(room.desk.follow("t", by: Room.bob, change: .init(), now: 0)) == [])
    }

    @Test func whatACallDoesNotSayStays() {
        var room = Room()
        _ = room.desk.follow("t", by: Room.ann, change: .init(policy: .never, sandbox: .readOnly), now: 0)
        _ = room.desk.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(room.desk.mode(of: "t") == ThreadMode(policy: .never, sandbox: .workspaceWrite))
        _ = room.desk.follow("t", by: Room.bob, change: .init(policy: .everyCommand), now: 0)
        #expect(room.desk.knownMode(of: "t") == ThreadMode(policy: .everyCommand, sandbox: .workspaceWrite))
    }

    @Test func aThreadThatNobodyOpenedIsNotKnownAndAsks() {
        let room = Room()
        #expect(room.desk.knownMode(of: "t") == nil)
        #expect(room.desk.mode(of: "t") == ThreadMode(policy: .everyCommand, sandbox: .workspaceWrite))
    }

    /// A command with the network could come in at the server's own door.
    @Test func theNetworkIsOpenAsLongAsAThreadHasNoSandbox() {
        var room = Room(followedBy: Room.ann)
        #expect(!room.desk.someThreadHasNetwork)
        _ = room.desk.changeMode("t", .init(sandbox: .dangerFullAccess))
        #expect(room.desk.someThreadHasNetwork)
        room.desk.closed(Room.ann)
        #expect(room.desk.someThreadHasNetwork, "what it started may still run")
        _ = room.desk.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(!room.desk.someThreadHasNetwork)
    }

    @Test(arguments: [
        (ThreadMode(), false), (ThreadMode(policy: .never), true), (ThreadMode(policy: .sandboxOnly), true),
        (ThreadMode(sandbox: .readOnly), false), (ThreadMode(sandbox: .dangerFullAccess), true),
    ])
    func whatIsMarked(_ mode: ThreadMode, _ isMarked: Bool) {
        #expect(mode.isMarked == isMarked)
    }
}
