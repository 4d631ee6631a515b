/// Counts wrong guesses. Pure; times are of a clock that is never set.
struct GuessBook {
    typealias Instant = ContinuousClock.Instant

    private var byNetwork: [IPAddress: [Instant]] = [:]
    /// In the order in which they were first seen.
    private var order: [IPAddress] = []
    /// The last wrong guesses of all, at most ``GuessLimiter/globalLimit`` of them.
    private var all: [Instant] = []
    private var nextOfAll = 0
    /// When answers that are being held back will be let go.
    private var held: [Instant] = []

    func isLimited(_ network: IPAddress, _ now: Instant) -> Bool {
        guard let recent = byNetwork[network], recent.count >= GuessLimiter.limit else { return false }
        return now - recent[recent.count - GuessLimiter.limit] < GuessLimiter.window
    }

    mutating func add(_ network: IPAddress, _ now: Instant) {
        if byNetwork[network] == nil {
            order.append(network)
            if order.count > GuessLimiter.capacity { byNetwork[order.removeFirst()] = nil }
        }
        // Only the last ones decide, so who goes on guessing goes on waiting.
        byNetwork[network] = byNetwork[network, default: []].suffix(GuessLimiter.limit - 1) + [now]
        if all.count < GuessLimiter.globalLimit {
            all.append(now)
        } else {
            all[nextOfAll] = now
            nextOfAll = (nextOfAll + 1) % GuessLimiter.globalLimit
        }
    }

    /// As many wrong guesses as may be have been made within the window, from wherever.
    func isFlooded(_ now: Instant) -> Bool {
        all.count == GuessLimiter.globalLimit && now - all[nextOfAll] < GuessLimiter.window
    }

    /// False when so many answers are held back that one more is too many.
    mutating func hold(until end: Instant, _ now: Instant) -> Bool {
        held.removeAll { $0 <= now }
        guard held.count < GuessLimiter.maximumHeld else { return false }
        held.append(end)
        return true
    }
}
