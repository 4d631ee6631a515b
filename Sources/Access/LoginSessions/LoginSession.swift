/// A sign-in of a page with a token or a ticket. The page now sends a cookie.
public struct LoginSession: Sendable, Hashable {
    /// 16 hexadecimal digits. Identifies the login session, for example in the record. Not a secret.
    public let id: String
    /// The token that decides the login session's rights and validity at any moment.
    public let tokenID: String
    public let createdAt: Milliseconds
    /// 30 days after ``createdAt``, or when the token expires, whichever comes first.
    public let expiresAt: Milliseconds
    /// The hash of the cookie's value.
    let hash: SecretHash
    /// The hash of the page key. A browser sends a cookie to every port of a host, but keeps the page key for one
    /// origin.
    let keyHash: SecretHash

    static let idBytes = 8
    /// 30 days.
    static let lifetime: Milliseconds = 30 * 86_400_000
}
