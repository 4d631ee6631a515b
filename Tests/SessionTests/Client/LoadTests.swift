import JSON
import JSONRPC
import Policy
import Session
import Testing

/// A client that sends too many requests gets an error with a retry time; answers to approvals always count.
@Suite struct LoadTests {
    @Test func tooManyMessagesAreRefusedForAWhile() {
        var client = Self.client(.init(framesPerSecond: 3))
        for id in 1...3 { #expect(client.says(Self.request(id)) == ["forward"]) }
        let refused = client.says(Self.request(4)).joined()
        #expect(refused.contains("-32001") && refused.contains(#""retryAfterMs":"#))
        client.now = 1_000
        #expect(client.says(Self.request(5)) == ["forward"])
    }

    @Test func soAreTooManyBytes() {
        var client = Self.client(.init(bytesPerSecond: 2_000))
        let long = Self.request(1, String(repeating: "x", count: 1_900))
        #expect(client.says(long) == ["forward"])
        #expect(client.says(Self.request(2, String(repeating: "x", count: 200))).joined().contains("-32001"))
    }

    @Test func soAreTooManyRequestsInFlight() {
        var client = Self.client(.init(requestsInFlight: 2))
        #expect(client.says(Self.request(1)) == ["forward"])
        #expect(client.says(Self.request(2)) == ["forward"])
        #expect(client.says(Self.request(3)).joined().contains("-32001"))
        _ = client.hears(#"{"id":1,"result":{}}"#)
        #expect(client.says(Self.request(4)) == ["forward"])
    }

    /// No row is left out, so the requests must be few. Reading leaves none.
    @Test(arguments: ["config/value/write", "a/method/of/a/later/codex", "thread/resume", "turn/interrupt"])
    func tooManyRecordedRequestsAreRefused(method: String) {
        var client = Self.client(.init(recordedRequestsPerSecond: 3))
        func says(_ id: Int, _ method: String) -> String {
            client.says(#"{"id":\#(id),"method":"\#(method)","params":{"threadId":"t"}}"#).joined()
        }
        for id in 1...30 { #expect(!says(id, method).contains("-32001")) }
        #expect(says(31, method).contains("3 requests a second that are recorded"))
        #expect(says(32, "model/list") == "forward")
        client.now = 1_000
        #expect(!says(33, method).contains("-32001"))
    }

    @Test(arguments: ["thread/shellCommand", "command/exec", "process/spawn", "fs/writeFile", "of/a/later/codex"])
    func withoutTheRecordNothingActsWithoutApproval(method: String) {
        // A rules file may let other roles call them.
        for role in [nil, Role.operator, .viewer] {
            var policy = Machine.policy()
            if let role { policy.methods = MethodPermissions(changes: [method: role]) }
            var client = Client(policy: policy, recordFailure: "The disk is full.")
            _ = client.attach()
            let said = client.says(#"{"id":1,"method":"\#(method)","params":{"threadId":"t"}}"#).joined()
            #expect(said.contains("The audit log cannot be written") && said.contains("The disk is full."))
            #expect(client.says(Self.request(2)) == ["forward"])
        }
    }

    @Test func aFloodDoesNotKeepATurnFromBeingStopped() {
        var client = Self.client(.init(recordedRequestsPerSecond: 1))
        for id in 1...20 { _ = client.says(#"{"id":\#(id),"method":"thread/name/set","params":{"threadId":"t"}}"#) }
        let stop = client.says(#"{"id":21,"method":"turn/interrupt","params":{"threadId":"t","turnId":"u"}}"#)
        #expect(stop.last == "forward")
    }

    @Test func answersAndNotificationsAreNeverRefused() {
        var client = Self.client(.init(framesPerSecond: 1, bytesPerSecond: 1_000, requestsInFlight: 1))
        _ = client.says(Self.request(1))
        for _ in 0..<50 {
            #expect(
                client.says(#"{"id":"q","result":{"decision":"decline"}}"#) == [#"answer "q" {"decision":"decline"}"#])
            #expect(client.says(#"{"method":"initialized"}"#) == ["forward"])
        }
    }

    private static func client(_ limits: TrafficLimits) -> Client {
        var client = Client(limits: limits)
        _ = client.attach()
        return client
    }

    private static func request(_ id: Int, _ text: String = "") -> String {
        #"{"id":\#(id),"method":"model/list","params":{"x":"\#(text)"}}"#
    }
}
