@testable import Session
import Testing

@Suite struct RateLimitTests {
    @Test func aBurstPassesAndThenSoMuchPerSecond() {
        var limit = RateLimit(perSecond: 10)
        for _ in 0..<10 { #expect(limit.take(1, at: 0) == nil) }
        #expect(limit.take(1, at: 0) == 101)
        #expect(limit.take(1, at: 101) == nil)
        #expect(limit.take(1, at: 101) != nil)
        var passed = 0
        for now in stride(from: Int64(201), through: 10_200, by: 10) where limit.take(1, at: now) == nil { passed += 1 }
        #expect((95...101).contains(passed))
    }

    @Test func whatIsLargerThanTheBucketPassesOnceItIsFull() {
        var limit = RateLimit(perSecond: 10)
        #expect(limit.take(35, at: 0) == nil)
        #expect(limit.take(1, at: 2_000) != nil)
        #expect(limit.take(1, at: 3_000) == nil)
    }

    @Test func aClockThatIsSetBackFillsNothing() {
        var limit = RateLimit(perSecond: 10)
        for _ in 0..<10 { #expect(limit.take(1, at: 5_000) == nil) }
        #expect(limit.take(1, at: 0) != nil)
        #expect(limit.take(1, at: 1_000) == nil)
    }
}
