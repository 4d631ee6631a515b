import Glibc
import Policy

/// The token that a server has from its first start on, so that somebody can come in from another machine: an admin's,
/// named `start`.
public struct StartToken: Sendable {
    public let token: AccessToken
    /// It was made, or taken over from an older version, just now.
    public let isNew: Bool
    /// Where its secret can be read. Nil when it has ended, or when the file is gone or holds another text.
    public let secretPath: String?
}

extension TokenStore {
    /// Called at every start of the server. The first time it makes the token, or takes over the one that stands in
    /// `STATE_DIR/token` from an older version, whatever its text. It is never made again: one that was revoked stays so.
    public func prepareStartToken(now: Milliseconds = WallClock.now()) throws(AccessError) -> StartToken? {
        try change { (tokenSet) throws(AccessError) in
            if tokenSet.startTokenID != nil {
                guard let token = tokenSet.startToken else { return nil }
                return StartToken(token: token, isNew: false, secretPath: try path(ofSecretOf: token, now: now))
            }
            var secret = try startSecret()
            if secret == nil {
                let made = Secret.makeToken()
                // Before the set, so that a crash in between leaves a token to take over.
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

    /// The secret of a revoked token is of no use, and looks as if it were.
    func forgetStartSecret(of token: AccessToken) {
        guard let secret = try? startSecret(), SecretHash(of: secret) == token.hash else { return }
        unlink(startPath)
    }

    private func path(ofSecretOf token: AccessToken, now: Milliseconds) throws(AccessError) -> String? {
        guard token.state(at: now) == .valid, let secret = try startSecret(), SecretHash(of: secret) == token.hash
        else { return nil }
        return startPath
    }

    /// The first word of the file: older versions wrote a line, people write what they like. Nil without any.
    private func startSecret() throws(AccessError) -> String? {
        guard let bytes = try PrivateFile.read(startPath) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
