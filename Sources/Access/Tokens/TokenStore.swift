public import Policy

/// The tokens on disk: `STATE_DIR/tokens.json` (0600). The server and the command line both write it, under the lock
/// `tokens.lock`. Writes wait for the lock and the disk, so never call them on an event loop.
public struct TokenStore: Sendable {
    /// `STATE_DIR/tokens.json`, the file to watch.
    public let path: String
    let lockPath: String
    /// `STATE_DIR/token`: the secret of the start token (0600).
    let startPath: String

    /// `directory` is STATE_DIR and exists. Only the server's own user should have access to it (0700).
    public init(directory: String) {
        path = "\(directory)/tokens.json"
        lockPath = "\(directory)/tokens.lock"
        startPath = "\(directory)/token"
    }

    /// Returns an empty set if the file does not exist. Needs no lock, since writers replace the file atomically.
    public func read() throws(AccessError) -> TokenSet {
        guard let bytes = try PrivateFile.read(path) else { return TokenSet() }
        return try TokenSet(parsing: bytes, path: path)
    }

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
        if isStart { forgetStartSecret(of: token) }
        return token
    }

    func change<Result>(_ body: (inout TokenSet) throws(AccessError) -> Result) throws(AccessError) -> Result {
        try FileLock.hold(lockPath) { () throws(AccessError) in
            var tokenSet = try read()
            let before = tokenSet
            let result = try body(&tokenSet)
            if tokenSet != before { try PrivateFile.replace(path, with: tokenSet.serialized()) }
            return result
        }
    }
}
