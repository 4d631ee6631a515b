/// The two secrets that a signed-in page sends with each request. Neither works without the other.
///
/// Cookies ignore ports (RFC 6265 section 8.5), so a server on another port of the same host receives the cookie. The
/// page keeps the page key in `localStorage`, which browsers separate by origin, port included.
public struct LoginSecrets: Sendable, Hashable {
    /// The cookie's value: 256 random bits as 43 characters of base64url.
    public let cookie: String
    /// The page key: the same length.
    public let pageKey: String

    public init(cookie: String, pageKey: String) {
        self.cookie = cookie
        self.pageKey = pageKey
    }

    static func make() -> Self { Self(cookie: Secret.make(), pageKey: Secret.make()) }

    /// Nil if either secret cannot be one of this server's.
    var hashes: (cookie: SecretHash, pageKey: SecretHash)? {
        guard let cookie = SecretHash(of: cookie), let pageKey = SecretHash(of: pageKey) else { return nil }
        return (cookie, pageKey)
    }
}
