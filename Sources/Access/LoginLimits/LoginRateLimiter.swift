import Synchronization

/// Slows down guessing, and locks nobody out who holds a token of ours.
///
/// - A token that we made has 256 random bits: no rate of guessing finds one. It is always compared, so a right one gets
///   in whatever others do from the same address (an office, a proxy) or from everywhere. Comparing costs less than
///   reading the request did.
/// - Any other text can only be a token of an older version, which somebody may have chosen and which may be weak. An
///   address that has shown 10 wrong tokens within a minute has such texts refused without a look, right or wrong.
/// - An address is an IPv4 address, or the first 64 bits of an IPv6 address: one host has all of the rest to itself.
/// - Who has many addresses is slowed down as well: after 1,000 wrong tokens within a minute, from wherever, the answer
///   to each wrong one is held back for a second. Right ones are answered at once. At most 256 answers are held, so
///   that the flood does not turn the server's memory against it; beyond it the answer is "too many", at once.
///
/// Cookies and tickets are not guesses: they are 256 random bits too, and an old one is left in many a browser.
public final class LoginRateLimiter: Sendable {
    /// Wrong tokens that an address may show within ``window``.
    public static let limit = 10
    /// Wrong tokens from anywhere within ``window``, before each costs ``delay``.
    public static let globalLimit = 1_000
    public static let window: Duration = .seconds(60)
    public static let delay: Duration = .seconds(1)
    /// Answers held back at once.
    static let maximumDelayed = 256
    /// Addresses that are remembered; beyond it the one that was first seen longest ago is forgotten.
    static let capacity = 4_096

    /// How a wrong token is to be answered.
    public struct Answer: Sendable, Hashable {
        /// "Too many" (429) rather than "wrong" (401).
        public let isTooMany: Bool
        /// To be waited before it is given. Zero as a rule.
        public let delay: Duration
    }

    private let failures = Mutex(FailedLogins())

    public init() {}

    /// Whether a token may be looked at; if not, the answer is "too many" (429), at once. `address` is the peer's; all
    /// texts that are no IP address count as one.
    public func mayTry(_ secret: String, from address: String, now: ContinuousClock.Instant = .now) -> Bool {
        Secret.isTokenOfOurs(secret) || !failures.withLock { $0.isLimited(Self.network(address), now) }
    }

    /// To be called for each token that was looked at and was wrong.
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
