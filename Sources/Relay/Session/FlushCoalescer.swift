import NIOCore
import PrometheusMetrics
import Synchronization

/// Coalesces flushes: the sessions of one event loop whose messages wait until the loop has read everything there is to
/// read.
///
/// Whoever waits for a message sleeps, and each write wakes one. Writes right after each other wake a core once for all
/// who sleep there; writes between other work wake it for each.
final class FlushCoalescer {
    /// So many sessions do not wait for more: it bounds how long a message waits, and how many bytes do.
    static let limit = 64

    private let eventLoop: any EventLoop
    private let latency: Histogram
    private let onMessages: (@Sendable (NIODeadline) -> Void)?
    private var waiting: [SessionRelay] = []
    /// The array of the batch before, empty, for the next: a batch allocates none.
    private var spare: [SessionRelay] = []
    private var began = NIODeadline.now()
    private var isEndDue = false

    /// Lives on `eventLoop`. `latency` is told how long the agent's messages waited, counted from the batch's first;
    /// `onMessages` is called with the time when a batch begins.
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
        var flushed = 0
        for relay in relays {
            if relay.flushPending() { flushed += 1 }
        }
        relays.removeAll(keepingCapacity: true)
        spare = relays
        if flushed > 0 { latency.observe(nanoseconds: (.now() - began).nanoseconds, times: flushed) }
    }
}

/// A coalescer for each event loop.
final class FlushCoalescers: Sendable {
    private let coalescers = Mutex<[ObjectIdentifier: NIOLoopBound<FlushCoalescer>]>([:])
    private let latency: Histogram
    private let onMessages: (@Sendable (NIODeadline) -> Void)?

    init(latency: Histogram, onMessages: (@Sendable (NIODeadline) -> Void)?) {
        self.latency = latency
        self.onMessages = onMessages
    }

    /// Must be called on `eventLoop`.
    func coalescer(on eventLoop: any EventLoop) -> FlushCoalescer {
        coalescers.withLock { coalescers in
            let key = ObjectIdentifier(eventLoop)
            if let coalescer = coalescers[key] { return coalescer }
            let coalescer = NIOLoopBound(
                FlushCoalescer(on: eventLoop, latency: latency, onMessages: onMessages), eventLoop: eventLoop)
            coalescers[key] = coalescer
            return coalescer
        }.value
    }
}
