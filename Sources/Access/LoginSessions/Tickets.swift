import Synchronization

/// One-time secrets for sign-in links, valid for a minute. In memory only.
public final class Tickets: Sendable {
    public static let lifetime: Milliseconds = 60_000
    /// Open tickets. Beyond that, the oldest ends.
    public static let capacity = 100
    /// Per token, so that one token's holder cannot push out other people's tickets.
    public static let capacityPerToken = 10

    private struct Ticket {
        let hash: SecretHash
        let tokenID: String
        let createdAt: Milliseconds

        /// Use the absolute difference: setting the clock back must not extend a ticket's life.
        func isAlive(_ now: Milliseconds) -> Bool { abs(now - createdAt) < Tickets.lifetime }
    }

    /// Oldest first.
    private let tickets = Mutex<[Ticket]>([])

    public init() {}

    /// Returns 256 random bits as 43 characters of base64url. Redeeming the ticket signs in with this token.
    public func create(forToken tokenID: String, now: Milliseconds) -> (ticket: String, expiresAt: Milliseconds) {
        let secret = Secret.make()
        tickets.withLock { tickets in
            tickets.removeAll { !$0.isAlive(now) }
            let ofToken = tickets.indices.filter { tickets[$0].tokenID == tokenID }
            if ofToken.count >= Self.capacityPerToken { tickets.remove(at: ofToken[0]) }
            if tickets.count >= Self.capacity { tickets.removeFirst() }
            if let hash = SecretHash(of: secret) {
                tickets.append(Ticket(hash: hash, tokenID: tokenID, createdAt: now))
            }
        }
        return (secret, now + Self.lifetime)
    }

    /// Returns the ticket's token and uses up the ticket. Returns nil if the ticket is wrong, used or too old, or if
    /// its token has ended.
    public func redeem(_ secret: String, now: Milliseconds, tokenSet: TokenSet) -> AccessToken? {
        guard let offered = SecretHash(of: secret) else { return nil }
        let ticket = tickets.withLock { tickets -> Ticket? in
            tickets.removeAll { !$0.isAlive(now) }
            return tickets.firstIndex { $0.hash == offered }.map { tickets.remove(at: $0) }
        }
        return ticket.flatMap { tokenSet.valid(id: $0.tokenID, now: now) }
    }
}
