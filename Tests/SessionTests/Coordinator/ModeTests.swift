import JSON
@testable import Session
import Testing

/// What a thread may do unasked, and which clients are told.
@Suite struct ModeTests {
    @Test(arguments: [ApprovalPolicy.never, .sandboxOnly])
    func anUnattendedThreadAsksNothing(_ policy: ApprovalPolicy) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: policy))
        #expect(fixture.ask(.command("ls")) == [#"allow 1 {"command":"ls"}"#])
        #expect(fixture.ask(.command("ls", thread: "other"), ticket: 2) == [])
    }

    @Test(arguments: [ApprovalPolicy.everyCommand, .granular(["granular": [:]])])
    func anyOtherThreadAsks(_ policy: ApprovalPolicy) {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.changeMode("t", .init(policy: policy))
        #expect(fixture.ask(.command("ls")) == ["show q1 to 1"])
    }

    @Test func everybodyIsToldOfAMarkAndOfItsEnd() {
        var fixture = Fixture(subscribers: Fixture.ann)
        _ = fixture.coordinator.opened(Fixture.bob)
        let marked = #"sre/threadMode {"threadId":"t","approvals":"unattended","sandbox":"workspaceWrite"}"#
        let plain = #"sre/threadMode {"threadId":"t","approvals":"everyCommand","sandbox":"workspaceWrite"}"#
        #expect(
            fixture.lines(fixture.coordinator.changeMode("t", .init(policy: .never))) == [
                "tell 1 \(marked)", "tell 2 \(marked)",
            ])
        #expect(fixture.lines(fixture.coordinator.changeMode("t", .init(policy: .never))) == [])
        #expect(fixture.lines(fixture.coordinator.opened(Fixture.cho)) == ["tell 3 \(marked)"])
        let effects = fixture.coordinator.subscribe(
            to: "t", by: Fixture.cho, change: .init(policy: .everyCommand), now: 0)
        #expect(fixture.lines(effects) == ["tell 1 \(plain)", "tell 2 \(plain)", "tell 3 \(plain)"])
        #expect(fixture.lines(fixture.coordinator.opened(SessionID(4))) == [])
    }

    @Test func aChangeThatNobodyMustSeeIsToldToTheOneWhoMadeIt() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(fixture.lines(fixture.coordinator.changeMode("t", .init(sandbox: .readOnly))) == [])
        let effects = fixture.coordinator.subscribe(
            to: "t", by: Fixture.bob, change: .init(sandbox: .workspaceWrite), now: 0)
        #expect(
            fixture.lines(effects)
                == [#"tell 2 sre/threadMode {"threadId":"t","approvals":"everyCommand","sandbox":"workspaceWrite"}"#])
        #expect(fixture.lines(fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(), now: 0)) == [])
    }

    @Test func whatACallDoesNotSayStays() {
        var fixture = Fixture()
        _ = fixture.coordinator.subscribe(
            to: "t", by: Fixture.ann, change: .init(policy: .never, sandbox: .readOnly), now: 0)
        _ = fixture.coordinator.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(fixture.coordinator.mode(of: "t") == ThreadMode(policy: .never, sandbox: .workspaceWrite))
        _ = fixture.coordinator.subscribe(to: "t", by: Fixture.bob, change: .init(policy: .everyCommand), now: 0)
        #expect(fixture.coordinator.knownMode(of: "t") == ThreadMode(policy: .everyCommand, sandbox: .workspaceWrite))
    }

    @Test func aThreadThatNobodyOpenedIsNotKnownAndAsks() {
        let fixture = Fixture()
        #expect(fixture.coordinator.knownMode(of: "t") == nil)
        #expect(fixture.coordinator.mode(of: "t") == ThreadMode(policy: .everyCommand, sandbox: .workspaceWrite))
    }

    /// A command with network access could connect to the server itself.
    @Test func theNetworkIsOpenAsLongAsAThreadHasNoSandbox() {
        var fixture = Fixture(subscribers: Fixture.ann)
        #expect(!fixture.coordinator.someThreadHasNetwork)
        _ = fixture.coordinator.changeMode("t", .init(sandbox: .dangerFullAccess))
        #expect(fixture.coordinator.someThreadHasNetwork)
        fixture.coordinator.closed(Fixture.ann)
        #expect(fixture.coordinator.someThreadHasNetwork, "what it started may still run")
        _ = fixture.coordinator.changeMode("t", .init(sandbox: .workspaceWrite))
        #expect(!fixture.coordinator.someThreadHasNetwork)
    }

    @Test(arguments: [
        (ThreadMode(), false), (ThreadMode(policy: .never), true), (ThreadMode(policy: .sandboxOnly), true),
        (ThreadMode(sandbox: .readOnly), false), (ThreadMode(sandbox: .dangerFullAccess), true),
    ])
    func whatIsMarked(_ mode: ThreadMode, _ isMarked: Bool) {
        #expect(mode.isMarked == isMarked)
    }
}
