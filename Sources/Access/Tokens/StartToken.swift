import Glibc
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
            var secret = try startSecret()
            if secret == nil {
                let made = Secret.makeToken()
                // Write the secret before the set, so that a crash in between leaves a token to take over.
                try PrivateFile.replace(startPath, with: Array("\(made)\n".utf8))
                secret = made
            }
            guard let hash = secret.flatMap(SecretHash.init(of:)) else {
                throw .file(
                    startPath, "holds a token of more than \(Secret.maximumLength) bytes. Shorten or remove it.")
            }
            let token = try tokenSet.add(
                name: TokenSet.startName, role: .admin, hash: hash, expiresIn: nil, now: now, isStart: true)
            return StartToken(token: token, isNew: true, secretPath: startPath)
        }
    }

    /// Deletes a revoked start token's secret, which is useless but looks valid.
    func forgetStartSecret(of token: AccessToken) {
        guard let secret = try? startSecret(), SecretHash(of: secret) == token.hash else { return }
        unlink(startPath)
    }

    private func path(ofSecretOf token: AccessToken, now: Milliseconds) throws(AccessError) -> String? {
        guard token.state(at: now) == .valid, let secret = try startSecret(), SecretHash(of: secret) == token.hash
        else { return nil }
        return startPath
    }

    /// The first word of the file: older versions wrote a line, and people may edit it. Nil if there is none.
    private func startSecret() throws(AccessError) -> String? {
        guard let bytes = try PrivateFile.read(startPath) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
