/// All login sessions at one moment. Pure.
struct LoginSessions: Sendable {
    static let capacity = 1_000
    /// Per token, so that one token's holder cannot push out other people's login sessions.
    static let capacityPerToken = 100

    /// Oldest first.
    private(set) var loginSessions: [LoginSession] = []
    private var byHash: [SecretHash: LoginSession] = [:]

    init(_ loginSessions: [LoginSession] = []) {
        for loginSession in loginSessions where byHash[loginSession.hash] == nil { append(loginSession) }
    }

    mutating func create(for token: AccessToken, hash: SecretHash, keyHash: SecretHash, now: Milliseconds)
        -> LoginSession
    {
        for loginSession in loginSessions where loginSession.expiresAt <= now { remove(loginSession) }
        let ofToken = loginSessions.filter { $0.tokenID == token.id }
        if ofToken.count >= Self.capacityPerToken, let oldest = ofToken.first { remove(oldest) }
        if loginSessions.count >= Self.capacity, let oldest = loginSessions.first { remove(oldest) }
        let end = now + LoginSession.lifetime
        let loginSession = LoginSession(
            id: Secret.makeID(bytes: LoginSession.idBytes), tokenID: token.id, createdAt: now,
            expiresAt: min(end, token.expiresAt ?? end), hash: hash, keyHash: keyHash)
        append(loginSession)
        return loginSession
    }

    func find(_ hash: SecretHash, keyHash: SecretHash, now: Milliseconds) -> LoginSession? {
        guard let loginSession = byHash[hash], loginSession.keyHash == keyHash, now < loginSession.expiresAt else {
            return nil
        }
        return loginSession
    }

    func contains(id: String, now: Milliseconds) -> Bool {
        loginSessions.contains { $0.id == id && now < $0.expiresAt }
    }

    mutating func remove(_ loginSession: LoginSession) {
        byHash[loginSession.hash] = nil
        loginSessions.removeAll { $0.id == loginSession.id }
    }

    private mutating func append(_ loginSession: LoginSession) {
        loginSessions.append(loginSession)
        byHash[loginSession.hash] = loginSession
    }
}
