import Access
import AuditRecord
import Edge
import JSON
import Relay
import ServiceLifecycle

/// Records changes of the tokens, and closes the sockets of sessions whose token is no longer valid.
struct TokenChangeService: Service {
    let authenticator: Authenticator
    let hub: Hub

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await change in authenticator.tokens.changes {
                note(change)
                signOutChanged(change)
                Server.signOutWhoMustGo(authenticator, hub)
            }
        }
    }

    /// Signs out sessions whose token now has a different secret or role under the same id.
    private func signOutChanged(_ change: LiveTokens.Change) {
        let present = Dictionary(change.after.tokens.map { ($0.id, $0) }) { first, _ in first }
        let changed = Set(
            change.before.tokens.filter { !(present[$0.id]?.opensTheSame(as: $0) ?? false) }.map(\.id))
        guard !changed.isEmpty else { return }
        hub.signOut(Hub.signedOutReason) { $0.principal.tokenID.map(changed.contains) ?? false }
    }

    private func note(_ change: LiveTokens.Change) {
        let known = Dictionary(change.before.tokens.map { ($0.id, $0) }) { first, _ in first }
        for token in change.after.tokens {
            let details: JSONObject = [
                "tokenId": .string(token.id), "name": .string(token.name), "role": .string(token.role.rawValue),
                "expiresAt": token.expiresAt.map { .number(JSONNumber($0)) } ?? .null,
            ]
            if known[token.id] == nil { hub.note(AuditEntry(.tokenCreated, at: 0, details: details)) }
            if token.revokedAt != nil, known[token.id]?.revokedAt == nil {
                hub.note(AuditEntry(.tokenRevoked, at: 0, details: details))
            }
        }
    }
}
