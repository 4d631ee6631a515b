/// What a signed-in page shows with each request. One of the two alone opens nothing.
///
/// Cookies know no ports (RFC 6265 section 8.5): whoever serves another port of the same host receives the cookie. The
/// page key lies in the page's `localStorage`, which browsers keep apart by origin, port included.
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

    /// Nil when one of them cannot be a secret of this server's.
    var hashes: (cookie: SecretHash, pageKey: SecretHash)? {
        guard let cookie = SecretHash(of: cookie), let pageKey = SecretHash(of: pageKey) else { return nil }
        return (cookie, pageKey)
    }
}
