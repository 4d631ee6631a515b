/// Counts failed logins. Pure; times come from a monotonic clock.
struct FailedLogins {
    typealias Instant = ContinuousClock.Instant

    private var byNetwork: [IPAddress: [Instant]] = [:]
    /// In the order of the first failure.
    private var order: [IPAddress] = []
    /// The most recent failed logins from all addresses, at most ``LoginRateLimiter/globalLimit``.
    private var all: [Instant] = []
    private var nextOfAll = 0
    /// When each delayed answer will be sent.
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
        // Only the most recent failures count, so a client that keeps guessing stays limited.
        byNetwork[network] = byNetwork[network, default: []].suffix(LoginRateLimiter.limit - 1) + [now]
        if all.count < LoginRateLimiter.globalLimit {
            all.append(now)
        } else {
            all[nextOfAll] = now
            nextOfAll = (nextOfAll + 1) % LoginRateLimiter.globalLimit
        }
    }

    /// Failed logins within the window have reached the limit across all addresses.
    func isFlooded(_ now: Instant) -> Bool {
        all.count == LoginRateLimiter.globalLimit && now - all[nextOfAll] < LoginRateLimiter.window
    }

    /// Returns false if too many answers are delayed already.
    mutating func delay(until end: Instant, _ now: Instant) -> Bool {
        delayed.removeAll { $0 <= now }
        guard delayed.count < LoginRateLimiter.maximumDelayed else { return false }
        delayed.append(end)
        return true
    }
}
