/// A person who showed a token to the page's form, or a ticket, and now sends a cookie.
public struct LoginSession: Sendable, Hashable {
    /// 16 hexadecimal digits: names the login session, in the record for one, and is no secret.
    public let id: String
    /// The login session is worth what this token is worth, at any moment.
    public let tokenID: String
    public let createdAt: Milliseconds
    /// 30 days after ``createdAt``, or when the token expires, whichever is first.
    public let expiresAt: Milliseconds
    /// Of the cookie's value.
    let hash: SecretHash
    /// Of the page key. A browser sends a cookie to every port of a host, and keeps the key for one origin.
    let keyHash: SecretHash

    static let idBytes = 8
    /// 30 days.
    static let lifetime: Milliseconds = 30 * 86_400_000
}
