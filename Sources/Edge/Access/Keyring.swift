public import Access
public import Session
import Synchronization

/// What opens the door: tokens, sign-ins, tickets, and the word of a trusted proxy.
public final class Keyring: Sendable {
    /// Whose word about a user is believed, and what it is worth. From the configuration; empty by default.
    public struct Proxies: Sendable {
        public var addresses: TrustedProxies
        public var identity: ProxyIdentity

        public init(addresses: TrustedProxies, identity: ProxyIdentity) {
            self.addresses = addresses
            self.identity = identity
        }
    }

    public let tokens: LiveTokens
    public let signIns: SignIns
    let tickets = Tickets()
    private let guesses = GuessLimiter()
    private let currentProxies: Mutex<Proxies?>

    /// The token that stands in for the local user on another device.
    let startTokenID: String?

    public init(tokens: LiveTokens, signIns: SignIns, startTokenID: String?, proxies: Proxies? = nil) {
        self.tokens = tokens
        self.startTokenID = startTokenID
        self.signIns = signIns
        currentProxies = Mutex(proxies)
    }

    public var proxies: Proxies? {
        get { currentProxies.withLock(\.self) }
        set { currentProxies.withLock { $0 = newValue } }
    }

    /// `mayTrustLocal` is false while some command can reach the network: it could come in as the local user.
    func identify(_ visitor: Visitor, mayTrustLocal: Bool, now: Milliseconds = WallClock.now())
        throws(Door.Refusal) -> Caller
    {
        // A wrong header is a mistake that must be heard of, whatever else would let the visitor in.
        if let secret = visitor.bearerToken {
            let token = try find(secret, from: visitor, now: now)
            return caller(Actor(token), visitor)
        }
        if let user = try proxyUser(visitor, mayTrustLocal: mayTrustLocal) {
            return caller(Actor(.proxy(name: user.name), role: user.role), visitor)
        }
        if let secrets = visitor.signInSecrets, let found = signIns.find(secrets, now: now, book: tokens.current()) {
            return caller(Actor(found.token), visitor, signIn: found.signIn.id)
        }
        // A cookie may be left from another server on this machine, since cookies have no port, and must not lock the
        // local user out.
        if !visitor.isForwarded, mayTrustLocal, visitor.isSameUser() { return caller(.local, visitor) }
        guard visitor.sessionCookie == nil else { throw Door.Refusal(status: 401, message: "This sign-in has ended.") }
        throw Door.Refusal(
            status: 401, message: "Sign in with an access token: Authorization: Bearer …, or the form of the page.")
    }

    /// The token with this secret. Wrong ones are counted against the address they came from.
    func find(_ secret: String, from visitor: Visitor, now: Milliseconds = WallClock.now())
        throws(Door.Refusal) -> AccessToken
    {
        let address = address(of: visitor)
        guard guesses.mayTry(secret, from: address) else { throw Self.tooMany() }
        if let token = tokens.current().find(secret, now: now) { return token }
        let answer = guesses.wasWrong(address)
        guard !answer.isTooMany else { throw Self.tooMany(delay: answer.delay) }
        throw Door.Refusal(status: 401, message: "This token is not valid.", delay: answer.delay)
    }

    private static func tooMany(delay: Duration = .zero) -> Door.Refusal {
        Door.Refusal(status: 429, message: "Too many wrong tokens. Wait a minute.", delay: delay)
    }

    private func proxyUser(_ visitor: Visitor, mayTrustLocal: Bool) throws(Door.Refusal) -> ProxyIdentity.User? {
        guard let proxies, proxies.addresses.contains(address: visitor.peer) else { return nil }
        // A command with the network could pass for a proxy on this machine, if that is of the same user.
        guard mayTrustLocal || !visitor.isSameUser() else { return nil }
        do throws(ProxyIdentity.Refusal) {
            return try proxies.identity.user(visitor.values(proxies.identity.header))
        } catch {
            switch error {
            case .repeated:
                throw Door.Refusal(status: 401, message: "\(proxies.identity.header) is there more than once.")
            case .badName: throw Door.Refusal(status: 401, message: "\(proxies.identity.header) holds no user name.")
            case .unknownUser(let name):
                throw Door.Refusal(status: 403, message: "The user \"\(name)\" has no role on this server.")
            }
        }
    }

    /// May somebody who was let in before still be here, as who they are?
    public func mayStay(_ caller: Caller, now: Milliseconds = WallClock.now()) -> Bool {
        switch caller.actor.identity {
        case .local: return true
        case .token(let id, _):
            return tokens.book.valid(id: id, now: now)?.role == caller.actor.role
                && caller.signInID.map { signIns.isOpen(id: $0, now: now) } ?? true
        case .proxy(let name):
            return (try? proxies?.identity.user([name]))?.role == caller.actor.role
        }
    }

    /// The peer's, or the last one that a trusted proxy did not add itself.
    func address(of visitor: Visitor) -> String {
        guard let proxies, proxies.addresses.contains(address: visitor.peer) else { return visitor.peer }
        return visitor.forwardedFor.last { !proxies.addresses.contains(address: $0) } ?? visitor.peer
    }

    func caller(_ actor: Actor, _ visitor: Visitor, signIn: String? = nil) -> Caller {
        Caller(
            actor, address: address(of: visitor), userAgent: visitor.userAgent.map { String($0.prefix(400)) },
            signInID: signIn)
    }
}

extension Actor {
    init(_ token: AccessToken) { self.init(.token(id: token.id, name: token.name), role: token.role) }
}
