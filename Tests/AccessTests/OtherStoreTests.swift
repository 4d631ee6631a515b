import Policy
import Synchronization
import Testing

@testable import Access

/// The rules of tokens hold for every ``TokenStore``, not only for the file's.
@Suite struct OtherStoreTests {
    @Test func tokensOfAnotherStoreAreCreatedRevokedAndSeen() async throws {
        let scratch = try Scratch()
        let store = MemoryTokenStore(startSecret: StartSecretFile(path: scratch.file("token")))
        #expect(try store.prepareStartToken()?.secretPath == scratch.file("token"))
        let live = try LiveTokens(store, report: { Issue.record($0) })
        let (token, secret) = try store.create(name: "alice", role: .viewer)
        #expect(live.current().find(secret, now: WallClock.now()) == token)
        #expect(usageError { _ = try store.create(name: "alice", role: .admin) } != nil)
        try store.revoke("alice")
        #expect(live.current().find(secret, now: WallClock.now()) == nil)
        try store.revoke("start")
        #expect(!scratch.exists("token"))
        _ = live.current()
        live.stop()
        let changes = await live.changes.reduce(into: []) { $0.append($1) }
        #expect(changes.count == 3)
        #expect(changes.last?.after == (try store.read()))
    }

    @Test func aChangeThatThrowsLeavesTheSet() throws {
        let store = MemoryTokenStore(startSecret: StartSecretFile(path: "/nonexistent"))
        _ = try store.create(name: "alice", role: .viewer)
        let before = store.revision
        #expect(usageError { _ = try store.revoke("bob") } != nil)
        #expect(store.revision == before)
    }
}

/// Tokens in memory, with a watch that never calls.
private final class MemoryTokenStore: TokenStore {
    let startSecret: StartSecretFile
    private let state = Mutex((tokenSet: TokenSet(), changes: Int64(0)))

    init(startSecret: StartSecretFile) { self.startSecret = startSecret }

    func read() throws(AccessError) -> TokenSet { state.withLock { $0.tokenSet } }

    func change<Result>(_ body: (inout TokenSet) throws(AccessError) -> Result) throws(AccessError) -> Result {
        var tokenSet = try read()
        let before = tokenSet
        let result = try body(&tokenSet)
        if tokenSet != before {
            let after = tokenSet
            state.withLock { $0 = (after, $0.changes + 1) }
        }
        return result
    }

    var revision: TokenRevision? { state.withLock { TokenRevision([$0.changes]) } }

    func watch(_ changed: @escaping @Sendable () -> Void) -> any StoreWatch { Silent() }

    private final class Silent: StoreWatch {
        func stop() {}
    }
}
