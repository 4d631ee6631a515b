import NIOCore
import Synchronization

/// The sessions of one event loop whose messages wait to be written until the loop has heard everybody who has
/// something to say.
///
/// Whoever waits for a message sleeps, and each write wakes one. Writes right after each other wake a core once for all
/// who sleep there; writes between other work wake it for each.
final class FlushRound {
    /// So many sessions do not wait for more: it bounds how long a message waits, and how many bytes do.
    static let limit = 64

    private let eventLoop: any EventLoop
    private var waiting: [SessionRelay] = []
    private var isEndDue = false

    /// Lives on `eventLoop`.
    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        waiting.reserveCapacity(Self.limit)
    }

    /// A session is in it once: it says so itself.
    func add(_ relay: SessionRelay) {
        waiting.append(relay)
        if waiting.count == Self.limit { return end() }
        guard !isEndDue else { return }
        isEndDue = true
        // Runs when the loop has handled all that there was to read.
        eventLoop.assumeIsolated().execute {
            self.isEndDue = false
            self.end()
        }
    }

    private func end() {
        let relays = waiting
        waiting.removeAll(keepingCapacity: true)
        for relay in relays { relay.roundEnds() }
    }
}

/// A round for each event loop.
final class FlushRounds: Sendable {
    private let rounds = Mutex<[ObjectIdentifier: NIOLoopBound<FlushRound>]>([:])

    /// Must be called on `eventLoop`.
    func round(on eventLoop: any EventLoop) -> FlushRound {
        rounds.withLock { rounds in
            let key = ObjectIdentifier(eventLoop)
            if let round = rounds[key] { return round }
            let round = NIOLoopBound(FlushRound(on: eventLoop), eventLoop: eventLoop)
            rounds[key] = round
            return round
        }.value
    }
}
