import JSON
@testable import Session
import Testing

/// A call passes its witness when the gate's hook has come for it, once for each time it came.
@Suite struct HookArrivalsTests {
    private var arrivals = HookArrivals()
    private let call = Self.call("i")
    private static func call(_ item: String, thread: String = "t", turn: String = "u") -> HookCall {
        HookCall(threadID: thread, turnID: turn, toolUseID: item)
    }

    @Test mutating func theWitnessWaitsForTheHook() {
        #expect(arrivals.witnessAsks(HookTicket(1), of: call) == false)
        #expect(arrivals.hookCame(call) == HookTicket(1))
    }

    @Test mutating func theHookNeedNotWaitForTheWitness() {
        #expect(arrivals.hookCame(call) == nil)
        #expect(arrivals.witnessAsks(HookTicket(1), of: call) == true)
    }

    @Test mutating func oneHookIsForOneWitness() {
        _ = arrivals.hookCame(call)
        #expect(arrivals.witnessAsks(HookTicket(1), of: call) == true)
        #expect(arrivals.witnessAsks(HookTicket(2), of: call) == false, "the same name a second time, without a hook")
        #expect(arrivals.witnessAsks(HookTicket(3), of: call) == false)
        #expect(arrivals.hookCame(call) == HookTicket(2))
        #expect(arrivals.hookCame(call) == HookTicket(3))
        #expect(arrivals.hookCame(call) == nil)
    }

    @Test(arguments: [Self.call("j"), Self.call("i", thread: "v"), Self.call("i", turn: "v")])
    mutating func anotherCallsHookDoesNotCount(_ other: HookCall) {
        _ = arrivals.hookCame(other)
        #expect(arrivals.witnessAsks(HookTicket(1), of: call) == false)
        #expect(arrivals.hookCame(other) == nil)
    }

    @Test mutating func aWitnessThatHasGoneTakesNoHookAlong() {
        _ = arrivals.witnessAsks(HookTicket(1), of: call)
        arrivals.forget(HookTicket(1), of: call)
        #expect(arrivals.hookCame(call) == nil)
        #expect(arrivals.witnessAsks(HookTicket(2), of: call) == true)
    }

    @Test mutating func theOldestOfManyIsForgotten() {
        for number in 0...HookArrivals.limit { _ = arrivals.hookCame(Self.call("\(number)")) }
        #expect(arrivals.witnessAsks(HookTicket(1), of: Self.call("0")) == false)
        #expect(arrivals.witnessAsks(HookTicket(2), of: Self.call("1")) == true)
        #expect(arrivals.witnessAsks(HookTicket(3), of: Self.call("\(HookArrivals.limit)")) == true)
    }

    @Test(arguments: ["session_id", "turn_id", "tool_use_id"])
    func aCallWithoutANameIsNone(_ member: String) {
        var json: JSONValue = ["session_id": "t", "turn_id": "u", "tool_use_id": "i", "cwd": "/"]
        #expect(HookCall(json) != nil)
        json[member] = 5
        #expect(HookCall(json) == nil)
    }
}
