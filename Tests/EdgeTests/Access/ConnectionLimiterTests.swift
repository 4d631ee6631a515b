@testable import Edge
import NIOCore
import Synchronization
import Testing

/// Which connections are accepted, and which are closed to make room.
@Suite struct ConnectionLimiterTests {
    private final class Closed: Sendable {
        private let names = Mutex<[String]>([])
        var all: [String] { names.withLock(\.self) }
        func add(_ name: String) { names.withLock { $0.append(name) } }
    }

    private let closed = Closed()
    private let start = NIODeadline.now()

    @Test(arguments: [(1, 1, 64, 64), (4_096, 2_048, 2_048, 1_024), (100, 80, 100, 80)])
    func limitsFollowThoseOfSockets(sockets: Int, perAddress: Int, inAll: Int, perPeer: Int) {
        let limiter = Self.limiter(sockets, perAddress)
        #expect(limiter.limit == inAll && limiter.limitPerPeer == perPeer)
    }

    @Test func theOldestThatAsksForNothingGivesWay() throws {
        let limiter = Self.limiter(100, 64)
        for number in 0..<64 {
            _ = try take(limiter, "a", at: Int64(number), name: "\(number)")
        }
        // All existing connections are too young to be closed.
        #expect(status { _ = try take(limiter, "a", at: 1_900) } == 429)
        let busy = try take(limiter, "b", at: 1_900, name: "b")
        _ = try take(limiter, "a", at: 2_000, name: "new")
        #expect(closed.all == ["0"])
        limiter.release(busy)
        #expect(limiter.count == 64)
    }

    @Test func whoseRequestIsAnsweredKeepsThePlaceLonger() throws {
        let limiter = Self.limiter(100, 64)
        let busy = try take(limiter, "a", at: 0, name: "busy")
        limiter.set(busy, isBusy: true, now: start)
        for number in 1..<64 { _ = try take(limiter, "a", at: Int64(number), name: "\(number)") }
        _ = try take(limiter, "a", at: 9_999)
        #expect(closed.all == ["1"])
        _ = try take(limiter, "a", at: 10_000)
        #expect(closed.all == ["1", "busy"])
    }

    @Test func inAllThePeerWithTheMostGivesWay() throws {
        let limiter = Self.limiter(100, 64)
        _ = try take(limiter, "oldest", at: 0, name: "oldest")
        for number in 0..<60 { _ = try take(limiter, "a", at: 1, name: "a\(number)") }
        for number in 0..<39 { _ = try take(limiter, "b", at: 1, name: "b\(number)") }
        #expect(status { _ = try take(limiter, "c", at: 1_000) } == 503)
        _ = try take(limiter, "c", at: 5_000)
        #expect(closed.all.count == 1 && closed.all[0].hasPrefix("a"))
        #expect(limiter.count == 100)
    }

    @Test func aTrustedProxyBringsMany() throws {
        let limiter = Self.limiter(100, 64)
        for _ in 0..<100 { _ = try take(limiter, "proxy", at: 0) }
        #expect(closed.all.isEmpty)
        #expect(status { _ = try take(limiter, "a", at: 1) } == 503)
    }

    @Test func aPlaceIsGivenBackOnce() throws {
        let limiter = Self.limiter(100, 64)
        let place = try take(limiter, "a", at: 0)
        limiter.release(place)
        limiter.release(place)
        #expect(limiter.count == 0)
    }

    private func take(_ limiter: ConnectionLimiter, _ peer: String, at milliseconds: Int64, name: String = "")
        throws -> UInt64
    {
        try limiter.take(peer, now: start + .milliseconds(milliseconds)) { [closed] in closed.add(name) }
    }

    private func status(_ body: () throws -> Void) -> Int? {
        do {
            try body()
            return nil
        } catch {
            return (error as? AccessRefusal)?.status
        }
    }

    private static func limiter(_ sockets: Int, _ perAddress: Int) -> ConnectionLimiter {
        ConnectionLimiter(maximumSockets: sockets, maximumSocketsPerAddress: perAddress) { $0 == "proxy" }
    }
}
