@testable import Edge
import Testing

@Suite struct SocketLimiterTests {
    @Test func soManyInAllAndFromOneAddress() throws {
        let limiter = SocketLimiter(limit: 3, limitPerAddress: 2)
        try limiter.take("a")
        try limiter.take("a")
        #expect(Self.refusal(limiter, "a") == 429)
        try limiter.take("b")
        #expect(Self.refusal(limiter, "c") == 503)
        limiter.release("a")
        try limiter.take("c")
        limiter.release("c")
        try limiter.take("a")
        #expect(Self.refusal(limiter, "a") == 503)
        #expect(limiter.left("a") == (0, 0) && limiter.left("c") == (0, 2))
    }

    private static func refusal(_ limiter: SocketLimiter, _ address: String) -> Int? {
        do {
            try limiter.take(address)
            return nil
        } catch {
            return error.status
        }
    }
}
