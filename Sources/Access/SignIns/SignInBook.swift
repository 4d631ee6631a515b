/// Which sign-ins there are. Pure.
struct SignInBook: Sendable {
    static let capacity = 1_000
    /// Of one token, so that who has one cannot push everybody else's sign-ins out.
    static let capacityPerToken = 100

    /// Oldest first.
    private(set) var signIns: [SignIn] = []
    private var byHash: [SecretHash: SignIn] = [:]

    init(_ signIns: [SignIn] = []) {
        for signIn in signIns where byHash[signIn.hash] == nil { append(signIn) }
    }

    mutating func create(for token: AccessToken, hash: SecretHash, keyHash: SecretHash, now: Milliseconds)
        -> SignIn
    {
        for signIn in signIns where signIn.expiresAt <= now { remove(signIn) }
        let ofToken = signIns.filter { $0.tokenID == token.id }
        if ofToken.count >= Self.capacityPerToken, let oldest = ofToken.first { remove(oldest) }
        if signIns.count >= Self.capacity, let oldest = signIns.first { remove(oldest) }
        let end = now + SignIn.lifetime
        let signIn = SignIn(
            id: Secret.makeID(bytes: SignIn.idBytes), tokenID: token.id, createdAt: now,
            expiresAt: min(end, token.expiresAt ?? end), hash: hash, keyHash: keyHash)
        append(signIn)
        return signIn
    }

    func find(_ hash: SecretHash, keyHash: SecretHash, now: Milliseconds) -> SignIn? {
        guard let signIn = byHash[hash], signIn.keyHash == keyHash, now < signIn.expiresAt else { return nil }
        return signIn
    }

    func contains(id: String, now: Milliseconds) -> Bool { signIns.contains { $0.id == id && now < $0.expiresAt } }

    mutating func remove(_ signIn: SignIn) {
        byHash[signIn.hash] = nil
        signIns.removeAll { $0.id == signIn.id }
    }

    private mutating func append(_ signIn: SignIn) {
        signIns.append(signIn)
        byHash[signIn.hash] = signIn
    }
}
