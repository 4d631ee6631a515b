import Dispatch
import Glibc
import JSON
import Policy
import Testing

@testable import Access

@Suite struct TokenStoreTests {
    let scratch: Scratch
    let store: FileTokenStore

    init() throws {
        scratch = try Scratch()
        store = FileTokenStore(directory: scratch.path)
    }

    @Test func aTokenIsFoundByItsSecretAlone() throws {
        let (token, secret) = try store.create(name: "alice", role: .operator, now: noon)
        #expect(secret.utf8.count == 47 && secret.hasPrefix("sre_") && Secret.isTokenOfOurs(secret))
        let tokenSet = try store.read()
        #expect(tokenSet.find(secret, now: noon) == token)
        #expect(token.role == .operator && token.name == "alice" && token.state(at: noon) == .valid)
        for wrong in ["", "sre_", String(secret.dropLast()), secret + "A", token.id, "alice", token.hash.hex] {
            #expect(tokenSet.find(wrong, now: noon) == nil)
        }
    }

    @Test func theSecretIsNowhereOnDisk() throws {
        let (token, secret) = try store.create(name: "alice", role: .admin)
        let text = try #require(try scratch.text("tokens.json"))
        #expect(!text.contains(secret) && !text.contains(secret.dropFirst(4)))
        #expect(text.contains(token.hash.hex))
    }

    @Test func secretsDiffer() throws {
        let secrets = Set((0..<1_000).map { _ in Secret.makeToken() })
        #expect(secrets.count == 1_000)
    }

    @Test func onlyTheOwnerMayReadTheFiles() throws {
        let old = umask(0)
        defer { umask(old) }
        _ = try store.prepareStartToken()
        for name in ["tokens.json", "tokens.lock", "token"] { #expect(scratch.mode(name) == 0o600, "\(name)") }
        chmod(scratch.file("tokens.json"), 0o664)
        _ = try store.read()
        #expect(scratch.mode("tokens.json") == 0o600)
    }

    @Test func revokedAndExpiredTokensAreNotFound() throws {
        let (revoked, first) = try store.create(name: "alice", role: .viewer, now: noon)
        let (expiring, second) = try store.create(name: "bob", role: .viewer, expiresIn: .seconds(60), now: noon)
        #expect(expiring.expiresAt == noon + 60_000)
        try store.revoke("alice", now: noon + 1)
        let tokenSet = try store.read()
        #expect(tokenSet.find(first, now: noon + 1) == nil)
        #expect(tokenSet.valid(id: revoked.id, now: noon + 1) == nil)
        #expect(tokenSet.nextExpiry(after: noon) == noon + 60_000)
        #expect(tokenSet.find(second, now: noon + 59_999)?.id == expiring.id)
        #expect(tokenSet.find(second, now: noon + 60_000) == nil)
        #expect(tokenSet.valid(id: expiring.id, now: noon + 60_000) == nil)
        #expect(tokenSet.nextExpiry(after: noon + 60_000) == nil)
        #expect(try store.list().map { $0.state(at: noon + 60_000) } == [.revoked, .expired])
    }

    @Test func revokingTakesANameOrAnID() throws {
        let (alice, _) = try store.create(name: "alice", role: .viewer)
        #expect(try store.revoke(alice.id).name == "alice")
        #expect(usageError { try store.revoke("alice") } == "The token \"alice\" is revoked already.")
        #expect(usageError { try store.revoke("nobody") }?.contains("There is no token \"nobody\"") == true)
        let (again, _) = try store.create(name: "alice", role: .viewer)
        #expect(try store.revoke("Alice").id == again.id)
    }

    @Test func namesAreUniqueAmongValidTokens() throws {
        _ = try store.create(name: "alice", role: .viewer, expiresIn: .seconds(60), now: noon)
        #expect(usageError { _ = try store.create(name: "Alice", role: .admin, now: noon) } != nil)
        _ = try store.create(name: "alice", role: .admin, now: noon + 60_000)
        #expect(try store.list().count == 2)
    }

    @Test(arguments: [
        "", " a", "a ", "-a", "--role", String(repeating: "a", count: 65), "a\nb", "\u{202E}ecila", "аlice", "a\u{0}b",
        "0123456789ab", "local user", "Rule", "SERVER", "codex", "agent",
    ])
    func badNamesAreRefused(name: String) throws {
        #expect(usageError { _ = try store.create(name: name, role: .viewer) } != nil)
        #expect(!scratch.exists("tokens.json"))
    }

    @Test(arguments: ["a", String(repeating: "a", count: 64), "ci / deploy #2", "x@example.org", "deadbeef"])
    func goodNamesAreTaken(name: String) throws {
        #expect(try store.create(name: name, role: .viewer).token.name == name)
    }

    @Test func lifetimesHaveLimits() throws {
        for bad in [Duration.zero, .seconds(-1), Lifetime.maximum + .seconds(1), .seconds(Int64.max)] {
            #expect(usageError { _ = try store.create(name: "a", role: .viewer, expiresIn: bad) } != nil)
        }
    }

    @Test func secretsOf513BytesAreNotLookedAt() throws {
        #expect(SecretHash(of: String(repeating: "a", count: 512)) != nil)
        #expect(SecretHash(of: String(repeating: "a", count: 513)) == nil)
        #expect(SecretHash(of: "") == nil)
    }

    /// Each thread opens the lock file separately, as each process does.
    @Test func writersAtOnceLoseNothing() throws {
        let (path, writers, each) = (scratch.path, 8, 20)
        let failures = Signal()
        DispatchQueue.concurrentPerform(iterations: writers) { writer in
            for number in 0..<each {
                let store = FileTokenStore(directory: path)
                if (try? store.create(name: "w\(writer).\(number)", role: .viewer)) == nil { failures.ring() }
            }
        }
        #expect(failures.rung == 0)
        #expect(Set(try store.list().map(\.name)).count == writers * each)
    }

    @Test func endedTokensMakeRoom() throws {
        var tokenSet = TokenSet()
        let hash = try #require(SecretHash(of: "x"))
        for number in 0..<TokenSet.capacity {
            let expiry: Duration? = number == 7 ? .seconds(1) : nil
            _ = try tokenSet.add(name: "n\(number)", role: .viewer, hash: hash, expiresIn: expiry, now: noon)
        }
        #expect(
            usageError { _ = try tokenSet.add(name: "b", role: .viewer, hash: hash, expiresIn: nil, now: noon) } != nil)
        _ = try tokenSet.add(name: "b", role: .viewer, hash: hash, expiresIn: nil, now: noon + 1_000)
        #expect(tokenSet.tokens.count == TokenSet.capacity && !tokenSet.tokens.contains { $0.name == "n7" })
    }
}
