import Glibc

/// The file with the start token's secret: `STATE_DIR/token` (0600).
public struct StartSecretFile: Sendable {
    let path: String

    /// The first word of the file: older versions wrote a line, and people may edit it. Nil if there is none.
    func read() throws(AccessError) -> String? {
        guard let bytes = try PrivateFile.read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// Returns the new secret.
    func create() throws(AccessError) -> String {
        let secret = Secret.makeToken()
        try PrivateFile.replace(path, with: Array("\(secret)\n".utf8))
        return secret
    }

    /// Deletes a revoked start token's secret, which is useless but looks valid.
    func remove(of token: AccessToken) {
        guard let secret = try? read(), SecretHash(of: secret) == token.hash else { return }
        unlink(path)
    }
}
