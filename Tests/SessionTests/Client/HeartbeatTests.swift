import Session
import Testing

@Suite struct HeartbeatTests {
    @Test func whoIsNotWaitedForIsNotAsked() {
        var heartbeat = Heartbeat()
        for _ in 0..<100 { #expect(heartbeat.tick(isExpecting: false) == .nothing) }
    }

    @Test func whoSaysNothingIsAskedOnceAndGivenUpAfterTenSeconds() {
        var heartbeat = Heartbeat()
        #expect(heartbeat.tick(isExpecting: true) == .ask)
        for _ in 1..<(Heartbeat.patience / Heartbeat.tick) { #expect(heartbeat.tick(isExpecting: true) == .nothing) }
        #expect(heartbeat.tick(isExpecting: true) == .giveUp)
    }

    @Test func anySignStartsTheCountAnew() {
        var heartbeat = Heartbeat()
        for _ in 0..<20 {
            #expect(heartbeat.tick(isExpecting: true) == .ask)
            for _ in 0..<3 { #expect(heartbeat.tick(isExpecting: true) == .nothing) }
            heartbeat.heard()
            #expect(heartbeat.tick(isExpecting: true) == .nothing)
        }
    }
}
