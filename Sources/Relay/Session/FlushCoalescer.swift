import NIOCore
import PrometheusMetrics
import Synchronization

/// Coalesces flushes: messages of one event loop's sessions are flushed together once the loop has read everything
/// that there is to read.
///
/// The process that waits for a message sleeps, and each write wakes one. Consecutive writes wake a core once for all
/// processes that sleep there; writes between other work wake it once for each.
final class FlushCoalescer {
    /// With this many sessions a batch ends at once, which bounds how long messages wait, and how many bytes.
    static let limit = 64

    private let eventLoop: any EventLoop
    private let latency: Histogram
    private let onMessages: (@Sendable (NIODeadline) -> Void)?
    private var waiting: [SessionRelay] = []
    /// The emptied array of the batch before, for the next one, so that a batch allocates none.
    private var spare: [SessionRelay] = []
    private var began = NIODeadline.now()
    private var isEndDue = false

    /// Lives on `eventLoop`. `latency` observes how long agent messages waited, counted from the first of their batch.
    /// `onMessages` is called with the time when a batch begins.
    init(on eventLoop: any EventLoop, latency: Histogram, onMessages: (@Sendable (NIODeadline) -> Void)?) {
        self.eventLoop = eventLoop
        self.latency = latency
        self.onMessages = onMessages
    }

    /// Adds a session to the batch. The session adds itself once per batch (`isFlushPending`).
    func add(_ relay: SessionRelay) {
        // Reads the clock once per batch.
        if waiting.isEmpty {
            began = .now()
            onMessages?(began)
        }
        waiting.append(relay)
        if waiting.count == Self.limit { return end() }
        guard !isEndDue else { return }
        isEndDue = true
        // Runs when the loop has handled everything that there was to read.
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

/// One coalescer per event loop.
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
