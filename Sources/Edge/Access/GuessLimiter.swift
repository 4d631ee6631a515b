import Synchronization

/// Slows down guessing: an address that has shown wrong tokens waits before it may show another.
final class GuessLimiter: Sendable {
    /// Wrong tokens an address may show within ``window``.
    static let limit = 10
    static let window: Duration = .seconds(60)
    /// Addresses that are remembered; beyond it the oldest is forgotten.
    static let capacity = 4_096

    private struct State {
        var wrong: [String: [ContinuousClock.Instant]] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())

    func mayTry(_ address: String, now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            let recent = state.wrong[address, default: []].filter { now - $0 < Self.window }
            return recent.count < Self.limit
        }
    }

    func wasWrong(_ address: String, now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            if state.wrong[address] == nil { state.order.append(address) }
            state.wrong[address] = state.wrong[address, default: []].filter { now - $0 < Self.window } + [now]
            if state.order.count > Self.capacity { state.wrong[state.order.removeFirst()] = nil }
        }
    }
}
