import NIOCore
import PrometheusMetrics
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
    private let latency: Histogram
    private let onMessages: (@Sendable (NIODeadline) -> Void)?
    private var waiting: [SessionRelay] = []
    /// The array of the round before, empty, for the next: a round allocates none.
    private var spare: [SessionRelay] = []
    private var began = NIODeadline.now()
    private var isEndDue = false

    /// Lives on `eventLoop`. `latency` is told how long the agent's messages waited, counted from the round's first;
    /// `onMessages` is called with the time when a round begins.
    init(on eventLoop: any EventLoop, latency: Histogram, onMessages: (@Sendable (NIODeadline) -> Void)?) {
        self.eventLoop = eventLoop
        self.latency = latency
        self.onMessages = onMessages
    }

    /// A session is in it once: it says so itself.
    func add(_ relay: SessionRelay) {
        // One look at the clock for everybody in it.
        if waiting.isEmpty {
            began = .now()
            onMessages?(began)
        }
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
        var relays = waiting
        waiting = spare
        spare = []
        var carried = 0
        for relay in relays {
            if relay.roundEnds() { carried += 1 }
        }
        relays.removeAll(keepingCapacity: true)
        spare = relays
        if carried > 0 { latency.observe(nanoseconds: (.now() - began).nanoseconds, times: carried) }
    }
}

/// A round for each event loop.
final class FlushRounds: Sendable {
    private let rounds = Mutex<[ObjectIdentifier: NIOLoopBound<FlushRound>]>([:])
    private let latency: Histogram
    private let onMessages: (@Sendable (NIODeadline) -> Void)?

    init(latency: Histogram, onMessages: (@Sendable (NIODeadline) -> Void)?) {
        self.latency = latency
        self.onMessages = onMessages
    }

    /// Must be called on `eventLoop`.
    func round(on eventLoop: any EventLoop) -> FlushRound {
        rounds.withLock { rounds in
            let key = ObjectIdentifier(eventLoop)
            if let round = rounds[key] { return round }
            let round = NIOLoopBound(
                FlushRound(on: eventLoop, latency: latency, onMessages: onMessages), eventLoop: eventLoop)
            rounds[key] = round
            return round
        }.value
    }
}
