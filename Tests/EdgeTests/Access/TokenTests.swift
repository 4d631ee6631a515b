@testable import Edge
import Testing

/// Comparing tokens, and slowing down those who guess them.
@Suite struct TokenTests {
    @Test(arguments: ["a", "s3cret", "é😀", String(repeating: "x", count: AccessToken.maximumLength)])
    func onlyTheTokenItselfMatches(_ token: String) {
        let access = AccessToken(token)
        #expect(access.matches(token))
        for other in ["", token + "a", "a" + token, String(token.dropLast()), token.uppercased() + "!", token + "\0"] {
            #expect(!access.matches(other))
        }
    }

    @Test func everyByteCounts() {
        let access = AccessToken("0123456789")
        for index in 0..<10 {
            var bytes = Array("0123456789".utf8)
            bytes[index] ^= 1
            #expect(!access.matches(String(decoding: bytes, as: UTF8.self)))
        }
    }

    @Test func bytesAreComparedAndNotWhatTheyLookLike() {
        #expect(!AccessToken("caf\u{E9}").matches("cafe\u{301}"))
    }

    @Test func aHugeGuessIsNoMatch() {
        #expect(!AccessToken("s3cret").matches(String(repeating: "s3cret", count: 1_000_000)))
    }

    @Test func tenWrongTokensAMinuteAndNoMore() {
        let limiter = GuessLimiter()
        let start = ContinuousClock.now
        for second in 0..<10 {
            #expect(limiter.mayTry("1.2.3.4", now: start + .seconds(second)))
            limiter.wasWrong("1.2.3.4", now: start + .seconds(second))
        }
        #expect(!limiter.mayTry("1.2.3.4", now: start + .seconds(10)))
        #expect(!limiter.mayTry("1.2.3.4", now: start + .milliseconds(59_999)))
        #expect(limiter.mayTry("1.2.3.4", now: start + .seconds(60)), "the first is a minute old")
        limiter.wasWrong("1.2.3.4", now: start + .seconds(60))
        #expect(!limiter.mayTry("1.2.3.4", now: start + .milliseconds(60_500)))
        #expect(limiter.mayTry("1.2.3.4", now: start + .seconds(200)))
    }

    @Test func everyAddressHasItsOwnCount() {
        let limiter = GuessLimiter()
        for _ in 0..<GuessLimiter.limit { limiter.wasWrong("1.2.3.4") }
        #expect(!limiter.mayTry("1.2.3.4"))
        #expect(limiter.mayTry("1.2.3.5"))
        #expect(limiter.mayTry(""))
    }

    @Test func memoryIsBoundedAndTheOldestIsForgotten() {
        let limiter = GuessLimiter()
        let now = ContinuousClock.now
        for _ in 0..<GuessLimiter.limit { limiter.wasWrong("first", now: now) }
        for address in 1..<GuessLimiter.capacity { limiter.wasWrong("\(address)", now: now) }
        #expect(!limiter.mayTry("first", now: now))
        limiter.wasWrong("one more", now: now)
        #expect(limiter.mayTry("first", now: now))
    }
}
