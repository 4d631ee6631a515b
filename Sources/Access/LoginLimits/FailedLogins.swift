/// Counts failed logins. Pure; times are of a clock that is never set.
struct FailedLogins {
    typealias Instant = ContinuousClock.Instant

    private var byNetwork: [IPAddress: [Instant]] = [:]
    /// In the order in which they were first seen.
    private var order: [IPAddress] = []
    /// The last failed logins of all, at most ``LoginRateLimiter/globalLimit`` of them.
    private var all: [Instant] = []
    private var nextOfAll = 0
    /// When answers that are being held back will be let go.
    private var delayed: [Instant] = []

    func isLimited(_ network: IPAddress, _ now: Instant) -> Bool {
        guard let recent = byNetwork[network], recent.count >= LoginRateLimiter.limit else { return false }
        return now - recent[recent.count - LoginRateLimiter.limit] < LoginRateLimiter.window
    }

    mutating func add(_ network: IPAddress, _ now: Instant) {
        if byNetwork[network] == nil {
            order.append(network)
            if order.count > LoginRateLimiter.capacity { byNetwork[order.removeFirst()] = nil }
        }
        // Only the last ones decide, so who goes on guessing goes on waiting.
        byNetwork[network] = byNetwork[network, default: []].suffix(LoginRateLimiter.limit - 1) + [now]
        if all.count < LoginRateLimiter.globalLimit {
            all.append(now)
        } else {
            all[nextOfAll] = now
            nextOfAll = (nextOfAll + 1) % LoginRateLimiter.globalLimit
        }
    }

    /// The limit of failed logins within the window is reached, whatever the addresses.
    func isFlooded(_ now: Instant) -> Bool {
        all.count == LoginRateLimiter.globalLimit && now - all[nextOfAll] < LoginRateLimiter.window
    }

    /// False when so many answers are held back that one more is too many.
    mutating func delay(until end: Instant, _ now: Instant) -> Bool {
        delayed.removeAll { $0 <= now }
        guard delayed.count < LoginRateLimiter.maximumDelayed else { return false }
        delayed.append(end)
        return true
    }
}
