import Access
import Edge
import Relay
import ServiceLifecycle
import StateStore

/// Closes the sockets of expired tokens and sign-ins, and writes what could not be written before. Revoked sign-ins are
/// closed immediately, elsewhere.
struct ExpiryService: Service {
    static let interval: Duration = .seconds(1)
    /// Sign-ins last for days, so they are checked less often.
    static let intervalsBetweenAll = 60

    let authenticator: Authenticator
    let hub: Hub
    let threads: SQLiteThreadStore

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = WallClock.now()
            var count = 0
            while (try? await Task.sleep(for: Self.interval)) != nil {
                count += 1
                threads.flush()
                let (before, now) = (last, WallClock.now())
                last = now
                let hasEnded = authenticator.tokens.cached.tokens.contains { token in
                    token.expiresAt.map { before < $0 && $0 <= now } ?? false
                }
                if hasEnded || count % Self.intervalsBetweenAll == 0 { Server.signOutWhoMustGo(authenticator, hub) }
            }
        }
    }
}
