public import Policy

/// The tokens on disk: `STATE_DIR/tokens.json` (0600). The server and the command line both write it; `tokens.lock` keeps
/// them apart. Writing waits for the lock and for the disk, so never on an event loop.
public struct TokenStore: Sendable {
    /// `STATE_DIR/tokens.json`: what is to be watched.
    public let path: String
    let lockPath: String
    /// `STATE_DIR/token`: the secret of the start token (0600).
    let startPath: String

    /// `directory` is STATE_DIR and exists; only the server's own user should be able to enter it (0700).
    public init(directory: String) {
        path = "\(directory)/tokens.json"
        lockPath = "\(directory)/tokens.lock"
        startPath = "\(directory)/token"
    }

    /// Empty when there is no file: then nobody has a token. Needs no lock, since the file is only ever replaced whole.
    public func read() throws(AccessError) -> TokenSet {
        guard let bytes = try PrivateFile.read(path) else { return TokenSet() }
        return try TokenSet(parsing: bytes, path: path)
    }

    /// In the order in which they were made, those that have ended too.
    public func list() throws(AccessError) -> [AccessToken] { try read().tokens }

    /// The secret is returned here and nowhere else. Throws `.usage` for a bad or taken name and for a lifetime of
    /// nothing or of more than ``Lifetime/maximum``; `expiresIn` nil means that it does not expire.
    public func create(
        name: String, role: Role, expiresIn: Duration? = nil, now: Milliseconds = WallClock.now()
    ) throws(AccessError) -> (token: AccessToken, secret: String) {
        let secret = Secret.makeToken()
        guard let hash = SecretHash(of: secret) else { throw .usage("A token could not be made.") }
        let token = try change { (tokenSet) throws(AccessError) in
            try tokenSet.add(name: name, role: role, hash: hash, expiresIn: expiresIn, now: now)
        }
        return (token, secret)
    }

    /// Throws `.usage` when no valid token has this name or id.
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
