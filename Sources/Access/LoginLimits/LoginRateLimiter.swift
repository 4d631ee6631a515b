import Synchronization

/// Slows down guessing without locking out anyone who holds a token this server made.
///
/// - A token this server made has 256 random bits, so no rate of guessing finds it. The server always compares it, so a
///   valid token works whatever other clients do from the same address (an office, a proxy) or elsewhere. The
///   comparison costs less than reading the request.
/// - Any other text can only be a token from an older version, which a person may have chosen and which may be weak.
///   After 10 wrong tokens from an address within a minute, the server refuses such texts from it unchecked, right or
///   wrong.
/// - An address is an IPv4 address, or the first 64 bits of an IPv6 address: one host has the rest to itself.
/// - Clients with many addresses are slowed down as well. After 1,000 wrong tokens within a minute from any address,
///   the server delays the answer to each wrong token by a second. It answers valid tokens at once. It delays at most
///   256 answers, so that a flood cannot exhaust the server's memory; beyond that, it answers "too many" at once.
///
/// Cookies and tickets are not counted as guesses: they too are 256 random bits, and many browsers keep an old one.
public final class LoginRateLimiter: Sendable {
    /// Wrong tokens allowed per address within ``window``.
    public static let limit = 10
    /// Wrong tokens allowed from all addresses within ``window`` before each one costs ``delay``.
    public static let globalLimit = 1_000
    public static let window: Duration = .seconds(60)
    public static let delay: Duration = .seconds(1)
    /// Answers delayed at the same time.
    static let maximumDelayed = 256
    /// Addresses remembered. Beyond that, the address seen first is forgotten.
    static let capacity = 4_096

    /// How to answer a wrong token.
    public struct Answer: Sendable, Hashable {
        /// "Too many" (429) rather than "wrong" (401).
        public let isTooMany: Bool
        /// How long to wait before answering. Usually zero.
        public let delay: Duration
    }

    private let failures = Mutex(FailedLogins())

    public init() {}

    /// Whether to check a token; if not, answer "too many" (429) at once. `address` is the peer's. All texts that are
    /// not IP addresses count as one address.
    public func mayTry(_ secret: String, from address: String, now: ContinuousClock.Instant = .now) -> Bool {
        Secret.isTokenOfOurs(secret) || !failures.withLock { $0.isLimited(Self.network(address), now) }
    }

    /// Call this for each token that was checked and was wrong.
    public func wasWrong(_ address: String, now: ContinuousClock.Instant = .now) -> Answer {
        let network = Self.network(address)
        return failures.withLock { failures in
            let isTooMany = failures.isLimited(network, now)
            failures.add(network, now)
            guard failures.isFlooded(now) else { return Answer(isTooMany: isTooMany, delay: .zero) }
            let isDelayed = failures.delay(until: now + Self.delay, now)
            return isDelayed
                ? Answer(isTooMany: isTooMany, delay: Self.delay) : Answer(isTooMany: true, delay: .zero)
        }
    }

    private static func network(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { return IPAddress(high: 0, low: 0) }
        return address.isIPv4 ? address : address.prefix(64)
    }
}
