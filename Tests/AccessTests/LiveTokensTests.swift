@testable import Access
import Policy
import Testing

/// The current tokens, even before a watch has noticed a change.
@Suite struct LiveTokensTests {
    @Test func aChangeCountsAtOnce() async throws {
        let scratch = try Scratch()
        let store = FileTokenStore(directory: scratch.path)
        _ = try store.prepareStartToken()
        let tokens = try LiveTokens(store, report: { Issue.record($0) })
        // The watch would also notice the change; this must hold without it.
        tokens.stopWatching()
        let now = WallClock.now()
        for number in 0..<20 {
            let (token, secret) = try store.create(name: "n\(number)", role: .viewer)
            #expect(tokens.current().find(secret, now: now)?.id == token.id)
            _ = try store.revoke(token.id)
            #expect(tokens.current().find(secret, now: now) == nil)
        }
        _ = tokens.current()
        tokens.stop()
        let sizes = await tokens.changes.reduce(into: [[Int]]()) { sizes, change in
            sizes.append([change.before.tokens.count, change.after.tokens.count])
        }
        #expect(sizes.count == 40, "each change once")
        #expect(sizes.prefix(4).map { $0 } == [[1, 2], [2, 2], [2, 3], [3, 3]], "in order")
    }
}
