public import Access
public import Session
import Synchronization

/// Authenticates requests: by token, login session, ticket, or the user that a trusted proxy names.
public final class Authenticator: Sendable {
    /// The trusted proxies and how they name a user, from the configuration. Empty by default.
    public struct Proxies: Sendable {
        public var addresses: TrustedProxies
        public var identity: ProxyIdentity

        public init(addresses: TrustedProxies, identity: ProxyIdentity) {
            self.addresses = addresses
            self.identity = identity
        }
    }

    public let tokens: LiveTokens
    public let loginSessions: any LoginSessionStore
    let tickets = Tickets()
    private let rateLimiter = LoginRateLimiter()
    private let currentProxies: Mutex<Proxies?>

    /// The token that stands in for the local user on another device.
    let startTokenID: String?

    public init(
        tokens: LiveTokens, loginSessions: any LoginSessionStore, startTokenID: String?, proxies: Proxies? = nil
    ) {
        self.tokens = tokens
        self.startTokenID = startTokenID
        self.loginSessions = loginSessions
        currentProxies = Mutex(proxies)
    }

    public var proxies: Proxies? {
        get { currentProxies.withLock(\.self) }
        set { currentProxies.withLock { $0 = newValue } }
    }

    /// `mayTrustLocal` is false while a command can reach the network: that command could connect as the local user.
    func identify(_ credentials: RequestCredentials, mayTrustLocal: Bool, now: Milliseconds = WallClock.now())
        throws(AccessRefusal) -> ClientContext
    {
        // Report an invalid header even if another credential would admit the request.
        if let secret = credentials.bearerToken {
            let token = try find(secret, from: credentials, now: now)
            return clientContext(Principal(token), credentials)
        }
        if let user = try proxyUser(credentials, mayTrustLocal: mayTrustLocal) {
            return clientContext(Principal(.proxy(name: user.name), role: user.role), credentials)
        }
        if let secrets = credentials.loginSecrets,
            let found = loginSessions.find(secrets, now: now, tokenSet: tokens.current())
        {
            return clientContext(Principal(found.token), credentials, loginSession: found.loginSession.id)
        }
        // Cookies have no port, so this one may belong to another server on this machine. It must not lock out the
        // local user.
        let isProxy = proxies?.addresses.contains(address: credentials.peer) == true
        if !credentials.isForwarded, !isProxy, mayTrustLocal, credentials.isSameUser() {
            return clientContext(.local, credentials)
        }
        guard credentials.sessionCookie == nil else {
            throw AccessRefusal(
                status: 401,
                message: credentials.loginSecrets == nil
                    ? "The sign-in cookie is valid only with the page key returned by login, in the header SRE-Page-Key "
                        + "or in the subprotocol sre-agent-page-key.KEY."
                    : "This sign-in has ended.")
        }
        throw AccessRefusal(
            status: 401, message: "Sign in with an access token: Authorization: Bearer …, or the form of the page.")
    }

    /// Returns the token with this secret. Counts a wrong secret against the address it came from.
    func find(_ secret: String, from credentials: RequestCredentials, now: Milliseconds = WallClock.now())
        throws(AccessRefusal) -> AccessToken
    {
        let address = address(of: credentials)
        guard rateLimiter.mayTry(secret, from: address) else { throw Self.tooMany() }
        if let token = tokens.current().find(secret, now: now) { return token }
        let answer = rateLimiter.wasWrong(address)
        guard !answer.isTooMany else { throw Self.tooMany(delay: answer.delay) }
        throw AccessRefusal(status: 401, message: "This token is not valid.", delay: answer.delay)
    }

    private static func tooMany(delay: Duration = .zero) -> AccessRefusal {
        AccessRefusal(status: 429, message: "Too many wrong tokens. Wait a minute.", delay: delay)
    }

    private func proxyUser(_ credentials: RequestCredentials, mayTrustLocal: Bool) throws(AccessRefusal)
        -> ProxyIdentity.User?
    {
        guard let proxies, proxies.addresses.contains(address: credentials.peer) else { return nil }
        // If a local proxy runs as the server's user, a command with network access could pass for it.
        guard mayTrustLocal || !credentials.isSameUser() else { return nil }
        do throws(ProxyIdentity.Refusal) {
            return try proxies.identity.user(credentials.values(proxies.identity.header))
        } catch {
            switch error {
            case .repeated:
                throw AccessRefusal(status: 401, message: "\(proxies.identity.header) occurs more than once.")
            case .badName:
                throw AccessRefusal(status: 401, message: "\(proxies.identity.header) does not contain a user name.")
            case .unknownUser(let name):
                throw AccessRefusal(status: 403, message: "The user \"\(name)\" has no role on this server.")
            }
        }
    }

    /// Whether an admitted client may keep its connection under the same principal.
    public func mayStay(_ client: ClientContext, now: Milliseconds = WallClock.now()) -> Bool {
        switch client.principal.identity {
        case .local: return true
        case .token(let id, _):
            return tokens.cached.valid(id: id, now: now)?.role == client.principal.role
                && client.loginSessionID.map { loginSessions.isOpen(id: $0, now: now) } ?? true
        case .proxy(let name):
            return (try? proxies?.identity.user([name]))?.role == client.principal.role
        }
    }

    /// The peer's address, or the last forwarded address that is not a trusted proxy's.
    func address(of credentials: RequestCredentials) -> String {
        guard let proxies, proxies.addresses.contains(address: credentials.peer) else { return credentials.peer }
        return credentials.forwardedFor.last { !proxies.addresses.contains(address: $0) } ?? credentials.peer
    }

    func clientContext(_ principal: Principal, _ credentials: RequestCredentials, loginSession: String? = nil)
        -> ClientContext
    {
        ClientContext(
            principal, address: address(of: credentials),
            userAgent: credentials.userAgent.map { String($0.prefix(400)) },
            loginSessionID: loginSession)
    }
}

extension Principal {
    init(_ token: AccessToken) { self.init(.token(id: token.id, name: token.name), role: token.role) }
}
