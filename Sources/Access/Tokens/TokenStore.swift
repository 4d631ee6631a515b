public import Policy

/// Keeps the tokens. The server and the command line use a store at the same time. Except ``revision``, calls may wait
/// for the disk or the network, so never make them on an event loop.
public protocol TokenStore: Sendable {
    /// All tokens at this moment. An empty set if none has been created.
    func read() throws(AccessError) -> TokenSet

    /// Changes the set as one transaction: no other change comes between what `body` gets and what it leaves. Changes
    /// nothing if `body` throws.
    func change<Result>(_ body: (inout TokenSet) throws(AccessError) -> Result) throws(AccessError) -> Result

    /// Differs from an earlier value if the set has changed since. Asked at every authenticated request, so it must take
    /// microseconds. nil if there is no set yet.
    var revision: TokenRevision? { get }

    /// Calls `changed` on any thread soon after each change, by whichever process, until the watch ends. May call it
    /// without a change.
    func watch(_ changed: @escaping @Sendable () -> Void) -> any StoreWatch

    /// Where this machine keeps the secret of the start token.
    var startSecret: StartSecretFile { get }
}

/// One state of a store, to compare with another.
public struct TokenRevision: Sendable, Hashable {
    private let numbers: [Int64]
    public init(_ numbers: [Int64]) { self.numbers = numbers }
}

/// Ends with ``stop()`` or when it is deallocated.
public protocol StoreWatch: AnyObject, Sendable {
    /// No new call begins after this; a running call may still finish. May be called twice.
    func stop()
}

extension TokenStore {
    /// In order of creation, ended ones included.
    public func list() throws(AccessError) -> [AccessToken] { try read().tokens }

    /// Returns the secret, which is available nowhere else. Throws `.usage` for a bad or taken name, and for a lifetime
    /// of zero or above ``Lifetime/maximum``. If `expiresIn` is nil, the token does not expire.
    public func create(
        name: String, role: Role, expiresIn: Duration? = nil, now: Milliseconds = WallClock.now()
    ) throws(AccessError) -> (token: AccessToken, secret: String) {
        let secret = Secret.makeToken()
        guard let hash = SecretHash(of: secret) else { throw .usage("A token could not be created.") }
        let token = try change { (tokenSet) throws(AccessError) in
            try tokenSet.add(name: name, role: role, hash: hash, expiresIn: expiresIn, now: now)
        }
        return (token, secret)
    }

    /// Throws `.usage` if no valid token has this name or ID.
    @discardableResult
    public func revoke(
        _ nameOrID: String, now: Milliseconds = WallClock.now()
    ) throws(AccessError) -> AccessToken {
        let (token, isStart) = try change { (tokenSet) throws(AccessError) in
            let token = try tokenSet.revoke(nameOrID, now: now)
            return (token, token.id == tokenSet.startTokenID)
        }
        if isStart { startSecret.remove(of: token) }
        return token
    }
}
