@testable import Access
import Policy
import Synchronization
import Testing

/// The current tokens, even before a watch has noticed a change.
@Suite struct LiveTokensTests {
    @Test func aChangeCountsAtOnce() throws {
        let scratch = try Scratch()
        let store = TokenStore(directory: scratch.path)
        _ = try store.prepareStartToken()
        let changes = Atomic(0)
        let tokens = try LiveTokens(
            store, changed: { _ in changes.add(1, ordering: .relaxed) }, report: { Issue.record($0) })
        // The watch would also notice the change; this must hold without it.
        tokens.stop()
        let now = WallClock.now()
        for number in 0..<20 {
            let (token, secret) = try store.create(name: "n\(number)", role: .viewer)
            #expect(tokens.current().find(secret, now: now)?.id == token.id)
            _ = try store.revoke(token.id)
            #expect(tokens.current().find(secret, now: now) == nil)
        }
        #expect(changes.load(ordering: .relaxed) == 40)
        _ = tokens.current()
        #expect(changes.load(ordering: .relaxed) == 40, "nothing has changed")
    }
}
