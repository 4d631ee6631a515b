import Policy

/// The admin token that a server has from its first start on, so that a person can sign in from another machine. Named
/// `start`.
public struct StartToken: Sendable {
    public let token: AccessToken
    /// The token was just made, or taken over from an older version.
    public let isNew: Bool
    /// The file with the secret. Nil if the token has ended, or if the file is gone or holds another text.
    public let secretPath: String?
}

extension TokenStore {
    /// Called at every start of the server. The first start makes the token, or takes over the one that an older
    /// version left in `STATE_DIR/token`, whatever its text. The server never makes it again: a revoked start token
    /// stays revoked.
    public func prepareStartToken(now: Milliseconds = WallClock.now()) throws(AccessError) -> StartToken? {
        try change { (tokenSet) throws(AccessError) in
            if tokenSet.startTokenID != nil {
                guard let token = tokenSet.startToken else { return nil }
                return StartToken(token: token, isNew: false, secretPath: try path(ofSecretOf: token, now: now))
            }
            // Write the secret before the set, so that a crash in between leaves a token to take over.
            let secret = if let old = try startSecret.read() { old } else { try startSecret.create() }
            guard let hash = SecretHash(of: secret) else {
                throw .file(
                    startSecret.path,
                    "holds a token of more than \(Secret.maximumLength) bytes. Shorten or remove it.")
            }
            let token = try tokenSet.add(
                name: TokenSet.startName, role: .admin, hash: hash, expiresIn: nil, now: now, isStart: true)
            return StartToken(token: token, isNew: true, secretPath: startSecret.path)
        }
    }

    private func path(ofSecretOf token: AccessToken, now: Milliseconds) throws(AccessError) -> String? {
        guard token.state(at: now) == .valid, let secret = try startSecret.read(),
            SecretHash(of: secret) == token.hash
        else { return nil }
        return startSecret.path
    }
}
