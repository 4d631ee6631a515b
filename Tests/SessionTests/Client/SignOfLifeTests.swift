import Session
import Testing

@Suite struct SignOfLifeTests {
    @Test func whoIsNotWaitedForIsNotAsked() {
        var sign = SignOfLife()
        for _ in 0..<100 { #expect(sign.tick(isExpecting: false) == .nothing) }
    }

    @Test func whoSaysNothingIsAskedOnceAndGivenUpAfterTenSeconds() {
        var sign = SignOfLife()
        #expect(sign.tick(isExpecting: true) == .ask)
        for _ in 1..<(SignOfLife.patience / SignOfLife.tick) { #expect(sign.tick(isExpecting: true) == .nothing) }
        #expect(sign.tick(isExpecting: true) == .giveUp)
    }

    @Test func anySignStartsTheCountAnew() {
        var sign = SignOfLife()
        for _ in 0..<20 {
            #expect(sign.tick(isExpecting: true) == .ask)
            for _ in 0..<3 { #expect(sign.tick(isExpecting: true) == .nothing) }
            sign.heard()
            #expect(sign.tick(isExpecting: true) == .nothing)
        }
    }
}
