/// Keeps the server's login sessions, which survive a restart. Except ``flush()``, every call returns at once and is
/// safe on an event loop.
public protocol LoginSessionStore: Sendable {
    /// Keeps at most 1,000 login sessions, 100 per token. Beyond that, the oldest ends.
    func create(for token: AccessToken, now: Milliseconds) -> (loginSession: LoginSession, secrets: LoginSecrets)

    /// Returns nil if either secret is wrong, or once the login session or its token has ended.
    func find(
        _ secrets: LoginSecrets, now: Milliseconds, tokenSet: TokenSet
    ) -> (loginSession: LoginSession, token: AccessToken)?

    /// Whether the login session is still open. Its token is checked separately.
    func isOpen(id: String, now: Milliseconds) -> Bool

    /// Signs out. Returns the ended login session, whose sockets must be closed, or nil if there was none.
    @discardableResult
    func end(_ secrets: LoginSecrets, now: Milliseconds) -> LoginSession?

    /// Waits until every change is stored, for the server's shutdown. Do not call this on an event loop.
    func flush()
}
