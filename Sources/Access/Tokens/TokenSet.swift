import Policy

/// All tokens of a server at one moment.
public struct TokenSet: Sendable, Hashable {
    /// The most tokens kept. Beyond that, the token that ended longest ago goes first.
    public static let capacity = 1_000

    /// In order of creation, ended ones included.
    public private(set) var tokens: [AccessToken]
    /// Set once the start token has been made, and never cleared: a server makes it only once.
    private(set) var startTokenID: String?

    /// A set without tokens admits no client.
    public init() { self.init(tokens: [], startTokenID: nil) }

    init(tokens: [AccessToken], startTokenID: String?) {
        self.tokens = tokens
        self.startTokenID = startTokenID
    }

    /// Returns the valid token with this secret, or nil if it is wrong, revoked, expired or longer than 512 bytes.
    /// Compares with every token, each in constant time.
    public func find(_ secret: String, now: Milliseconds) -> AccessToken? {
        guard let offered = SecretHash(of: secret) else { return nil }
        var found: Int?
        for index in tokens.indices {
            // No early exit: the time must not reveal which token matched.
            let isIt = tokens[index].hash.isSame(as: offered)
            if isIt, tokens[index].state(at: now) == .valid { found = index }
        }
        return found.map { tokens[$0] }
    }

    /// Returns the token while it is valid. Everything opened with the token checks this again.
    public func valid(id: String, now: Milliseconds) -> AccessToken? {
        tokens.first { $0.id == id && $0.state(at: now) == .valid }
    }

    /// When the next valid token expires.
    public func nextExpiry(after now: Milliseconds) -> Milliseconds? {
        tokens.filter { $0.state(at: now) == .valid }.compactMap(\.expiresAt).min()
    }

    var startToken: AccessToken? { tokens.first { $0.id == startTokenID } }

    static let startName = "start"

    /// `expiresIn` is at most ``Lifetime/maximum``.
    mutating func add(
        name: String, role: Role, hash: SecretHash, expiresIn: Duration?, now: Milliseconds, isStart: Bool = false
    ) throws(AccessError) -> AccessToken {
        try AccessToken.check(name: name)
        guard isStart || startTokenID != nil || name.lowercased() != Self.startName else {
            throw .usage("The name \"\(name)\" is reserved for the server's first token. Choose another name.")
        }
        // A reader of the record would take Alice and alice for one person.
        let isTaken = tokens.contains {
            $0.name.lowercased() == name.lowercased() && $0.state(at: now) == .valid
        }
        guard !isTaken else {
            throw .usage("There is a valid token \"\(name)\" already. Revoke it or choose another name.")
        }
        if let expiresIn, expiresIn <= .zero || expiresIn > Lifetime.maximum {
            throw .usage("A token can be valid for at most ten years (3650d).")
        }
        let token = AccessToken(
            id: newID(), name: name, role: role, hash: hash, createdAt: now,
            expiresAt: expiresIn.map { now + $0.components.seconds * 1_000 }, revokedAt: nil)
        try makeRoom(now)
        tokens.append(token)
        if isStart { startTokenID = token.id }
        return token
    }

    /// `nameOrID` names a valid token.
    mutating func revoke(_ nameOrID: String, now: Milliseconds) throws(AccessError) -> AccessToken {
        let matching = tokens.indices.filter {
            tokens[$0].id == nameOrID || tokens[$0].name.lowercased() == nameOrID.lowercased()
        }
        guard let index = matching.first(where: { tokens[$0].state(at: now) == .valid }) else {
            guard let last = matching.last else {
                throw .usage("There is no token \"\(SanitizedText.of(nameOrID))\". See: sre-agent token list")
            }
            let state = tokens[last].state(at: now)
            throw .usage("The token \"\(SanitizedText.of(nameOrID))\" is \(state.rawValue) already.")
        }
        tokens[index].revokedAt = now
        return tokens[index]
    }

    private mutating func makeRoom(_ now: Milliseconds) throws(AccessError) {
        guard tokens.count >= Self.capacity else { return }
        let ended = tokens.indices.filter { tokens[$0].state(at: now) != .valid }
        let oldest = ended.min { endedAt(tokens[$0]) < endedAt(tokens[$1]) }
        guard let oldest else { throw .usage("There are \(Self.capacity) valid tokens. Revoke some first.") }
        tokens.remove(at: oldest)
    }

    private func endedAt(_ token: AccessToken) -> Milliseconds { token.revokedAt ?? token.expiresAt ?? .max }

    private func newID() -> String {
        while true {
            let id = Secret.makeID(bytes: AccessToken.idBytes)
            if !tokens.contains(where: { $0.id == id }) { return id }
        }
    }
}
