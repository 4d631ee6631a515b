import Testing

@testable import Access

@Suite struct LoginRateLimiterTests {
    let limiter = LoginRateLimiter()
    let now = ContinuousClock.now
    let ours = Secret.makeToken()

    private func fail(_ count: Int, from address: String, at time: ContinuousClock.Instant? = nil) {
        for _ in 0..<count { _ = limiter.wasWrong(address, now: time ?? now) }
    }

    @Test func tenWrongOnesWithinAMinuteAreEnough() {
        fail(9, from: "1.2.3.4")
        #expect(limiter.mayTry("s3cret", from: "1.2.3.4", now: now))
        fail(1, from: "1.2.3.4")
        #expect(!limiter.mayTry("s3cret", from: "1.2.3.4", now: now + .seconds(59)))
        #expect(limiter.mayTry("s3cret", from: "1.2.3.5", now: now))
        #expect(limiter.mayTry("s3cret", from: "1.2.3.4", now: now + .seconds(60)))
    }

    @Test func aTokenOfOursIsAlwaysLookedAt() {
        fail(500, from: "1.2.3.4")
        #expect(limiter.mayTry(ours, from: "1.2.3.4", now: now))
        for other in [ours + "A", String(ours.dropLast()), "sre_" + String(repeating: "=", count: 43), ""] {
            #expect(!limiter.mayTry(other, from: "1.2.3.4", now: now))
        }
    }

    @Test func theEleventhIsTooMany() {
        for _ in 0..<10 { #expect(!limiter.wasWrong("1.2.3.4", now: now).isTooMany) }
        #expect(limiter.wasWrong("1.2.3.4", now: now) == .init(isTooMany: true, delay: .zero))
    }

    @Test func whoGoesOnGoesOnWaiting() {
        fail(10, from: "1.2.3.4")
        fail(10, from: "1.2.3.4", at: now + .seconds(50))
        #expect(!limiter.mayTry("s3cret", from: "1.2.3.4", now: now + .seconds(100)))
        #expect(limiter.mayTry("s3cret", from: "1.2.3.4", now: now + .seconds(110)))
    }

    @Test func anIPv6HostIsItsNetwork() {
        for host in 1...10 { fail(1, from: "2001:db8:0:1::\(host)") }
        #expect(!limiter.mayTry("x", from: "2001:db8:0:1:ffff::9", now: now))
        #expect(limiter.mayTry("x", from: "2001:db8:0:2::1", now: now))
    }

    @Test func mappedAddressesAreIPv4() {
        fail(10, from: "::ffff:10.0.0.1")
        #expect(!limiter.mayTry("x", from: "10.0.0.1", now: now))
        #expect(limiter.mayTry("x", from: "::ffff:10.0.0.2", now: now))
    }

    @Test func aFloodFromEverywhereCostsEachWrongGuess() {
        for host in 0..<999 { #expect(limiter.wasWrong("10.1.\(host / 250).\(host % 250)", now: now).delay == .zero) }
        let slow = limiter.wasWrong("10.2.0.1", now: now)
        #expect(slow == .init(isTooMany: false, delay: LoginRateLimiter.delay))
        #expect(limiter.mayTry("s3cret", from: "10.3.0.1", now: now))
        // 256 delayed responses are pending; until they are sent, the next guess is refused at once.
        for host in 0..<255 { #expect(limiter.wasWrong("10.4.0.\(host)", now: now).delay == LoginRateLimiter.delay) }
        #expect(limiter.wasWrong("10.5.0.1", now: now) == .init(isTooMany: true, delay: .zero))
        #expect(limiter.wasWrong("10.5.0.2", now: now + .seconds(1)).delay == LoginRateLimiter.delay)
        // The limit is lifted after a minute.
        #expect(limiter.wasWrong("10.6.0.1", now: now + .seconds(60)).delay == .zero)
    }

    @Test func memoryIsBounded() {
        fail(10, from: "1.2.3.4")
        for number in 0..<LoginRateLimiter.capacity { fail(1, from: "10.0.\(number / 256).\(number % 256)") }
        #expect(limiter.mayTry("x", from: "1.2.3.4", now: now))
    }
}
