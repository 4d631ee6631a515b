import JSON
@testable import Session
import Testing

/// A verifier repeats the verdict that its call's hook received, and declines if the hook ended without a verdict.
@Suite struct HookRendezvousTests {
    private var rendezvous = HookRendezvous()
    private let call = Self.call("i")
    private let first = HookTicket(101)
    private let second = HookTicket(102)
    private let allow = HookVerdict.allow(toolInput: .null)

    private static func call(
        _ item: String, thread: String = "t", turn: String = "u", tool: String = "Bash", input: JSONValue = "ls"
    ) -> HookCall {
        HookCall(threadID: thread, turnID: turn, toolUseID: item, tool: tool, input: input)
    }

    private mutating func ended(_ hook: HookTicket, _ verdict: HookVerdict?) -> HookTicket? {
        guard let (verifier, answer) = rendezvous.hookEnded(hook, verdict) else { return nil }
        #expect((answer == .allow) == (verdict == allow))
        return verifier
    }

    @Test mutating func theVerifierWaitsForTheVerdict() {
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == nil)
        #expect(rendezvous.isWaitingForHook(HookTicket(1), of: call))
        _ = rendezvous.hookCame(first, for: call)
        #expect(!rendezvous.isWaitingForHook(HookTicket(1), of: call))
        #expect(ended(first, allow) == HookTicket(1))
        #expect(ended(first, nil) == nil, "it goes away after its verdict")
    }

    @Test mutating func theVerdictWaitsForTheVerifier() {
        _ = rendezvous.hookCame(first, for: call)
        #expect(ended(first, allow) == nil)
        #expect(ended(first, nil) == nil)
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == .allow)
    }

    @Test(arguments: [false, true]) mutating func aHookThatIsKilledIsANo(_ verifierFirst: Bool) {
        if verifierFirst { #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == nil) }
        _ = rendezvous.hookCame(first, for: call)
        #expect(ended(first, nil) == (verifierFirst ? HookTicket(1) : nil))
        guard !verifierFirst else { return }
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) != .allow)
    }

    @Test mutating func aNoIsSaidTwice() {
        _ = rendezvous.hookCame(first, for: call)
        _ = ended(first, .deny(reason: "why"))
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == .deny(reason: "why"))
    }

    @Test mutating func oneHookIsForOneVerifier() {
        _ = rendezvous.hookCame(first, for: call)
        _ = ended(first, allow)
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == .allow)
        #expect(rendezvous.verifierAsks(HookTicket(2), about: call) == nil, "the same name again, without a hook")
        _ = rendezvous.hookCame(second, for: call)
        #expect(ended(second, nil) == HookTicket(2))
    }

    @Test(arguments: [
        Self.call("j"), Self.call("i", thread: "v"), Self.call("i", turn: "v"), Self.call("i", tool: "get_goal"),
        Self.call("i", input: "rm"),
    ])
    mutating func anotherCallsHookDoesNotCount(_ other: HookCall) {
        _ = rendezvous.hookCame(first, for: other)
        _ = ended(first, allow)
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == nil)
    }

    @Test mutating func aVerifierThatHasGoneTakesNoHookAlong() {
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == nil)
        rendezvous.forget(HookTicket(1), of: call)
        _ = rendezvous.hookCame(first, for: call)
        #expect(ended(first, allow) == nil)
        #expect(rendezvous.verifierAsks(HookTicket(2), about: call) == .allow)
    }

    /// The hook could not start when the verifier looked, because the thread's directory was away for a moment.
    @Test mutating func aHookThatComesTooLateCountsForNoCall() {
        #expect(rendezvous.verifierAsks(HookTicket(1), about: call) == nil)
        rendezvous.refuse(HookTicket(1), call)
        #expect(!rendezvous.isWaitingForHook(HookTicket(1), of: call))
        let counts = rendezvous.hookCame(first, for: call)
        #expect(!counts)
        #expect(rendezvous.verifierAsks(HookTicket(2), about: call) == nil)
        let next = rendezvous.hookCame(second, for: call)
        #expect(next, "the next call's own hook")
        #expect(ended(second, allow) == HookTicket(2))
    }

    @Test mutating func theOldestOfManyIsForgotten() {
        for number in 0...HookRendezvous.limit {
            let hook = HookTicket(UInt64(1_000 + number))
            _ = rendezvous.hookCame(hook, for: Self.call("\(number)"))
            _ = ended(hook, allow)
        }
        #expect(rendezvous.verifierAsks(HookTicket(1), about: Self.call("0")) == nil)
        #expect(rendezvous.verifierAsks(HookTicket(2), about: Self.call("1")) == .allow)
    }

    @Test(arguments: ["session_id", "turn_id", "tool_use_id", "tool_name"])
    func aCallWithoutANameIsNone(_ member: String) {
        var json: JSONValue = [
            "session_id": "t", "turn_id": "u", "tool_use_id": "i", "cwd": "/", "tool_name": "Bash", "tool_input": [:],
        ]
        #expect(HookCall(json) != nil)
        json[member] = 5
        #expect(HookCall(json) == nil)
    }
}
