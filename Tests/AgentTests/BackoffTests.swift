@testable import Agent
import Testing

/// The delay before an ended agent is restarted.
@Suite struct BackoffTests {
    @Test func theWaitDoublesUpToALongestOne() {
        var backoff = Backoff()
        let waits = (0..<12).map { _ in backoff.ended(afterLiving: .seconds(1)) }
        #expect(waits[0] == .milliseconds(250))
        for (earlier, later) in zip(waits, waits.dropFirst()) { #expect(later == min(earlier * 2, .seconds(30))) }
        #expect(waits[11] == Backoff.longest)
    }

    @Test func itNeverOverflows() {
        var backoff = Backoff()
        for _ in 0..<1_000 { #expect(backoff.ended(afterLiving: .zero) <= Backoff.longest) }
    }

    @Test func aHealthyLifeStartsTheCountAnew() {
        var backoff = Backoff()
        for _ in 0..<8 { _ = backoff.ended(afterLiving: .zero) }
        #expect(backoff.isFailed)
        #expect(backoff.ended(afterLiving: Backoff.healthyLife) == Backoff.first)
        #expect(!backoff.isFailed)
        #expect(backoff.ended(afterLiving: Backoff.healthyLife - .nanoseconds(1)) == Backoff.first * 2)
    }

    @Test func severalShortLivesAreAFailure() {
        var backoff = Backoff()
        for life in 1...Backoff.failedAfter {
            #expect(!backoff.isFailed)
            _ = backoff.ended(afterLiving: .zero)
            #expect(backoff.shortLives == life)
        }
        #expect(backoff.isFailed)
    }
}
