import Glibc
import Policy
import Testing

@testable import Access

@Suite struct LoginSessionTests {
    let scratch: Scratch
    let token: AccessToken
    let tokenSet: TokenSet
    let problems = Signal()

    init() throws {
        scratch = try Scratch()
        let store = FileTokenStore(directory: scratch.path)
        token = try store.create(name: "alice", role: .operator, expiresIn: .seconds(40 * 86_400), now: noon).token
        tokenSet = try store.read()
    }

    private func open() -> FileLoginSessionStore {
        FileLoginSessionStore(directory: scratch.path) { [problems] _ in problems.ring() }
    }

    @Test func aSignInIsFoundByItsSecretUntilItEnds() throws {
        let loginSessions = open()
        defer { loginSessions.flush() }
        let (loginSession, secret) = loginSessions.create(for: token, now: noon)
        #expect(secret.cookie.utf8.count == 43 && secret.pageKey.utf8.count == 43)
        #expect(loginSession.expiresAt == noon + 30 * day)
        #expect(loginSessions.find(secret, now: noon, tokenSet: tokenSet)?.token == token)
        #expect(
            loginSessions.find(secret, now: noon + 30 * day - 1, tokenSet: tokenSet)?.loginSession.id == loginSession.id
        )
        #expect(loginSessions.find(secret, now: noon + 30 * day, tokenSet: tokenSet) == nil)
        for cookie in [secret.pageKey, loginSession.id, loginSession.hash.hex, ""] {
            let wrong = LoginSecrets(cookie: cookie, pageKey: secret.pageKey)
            #expect(loginSessions.find(wrong, now: noon, tokenSet: tokenSet) == nil)
        }
        for pageKey in [secret.cookie, loginSession.id, loginSession.keyHash.hex, ""] {
            let wrong = LoginSecrets(cookie: secret.cookie, pageKey: pageKey)
            #expect(loginSessions.find(wrong, now: noon, tokenSet: tokenSet) == nil)
            #expect(loginSessions.end(wrong, now: noon) == nil)
        }
        #expect(loginSessions.isOpen(id: loginSession.id, now: noon))
        #expect(!loginSessions.isOpen(id: loginSession.id, now: noon + 30 * day))
        #expect(loginSessions.end(secret, now: noon)?.id == loginSession.id)
        #expect(loginSessions.end(secret, now: noon) == nil)
        #expect(loginSessions.find(secret, now: noon, tokenSet: tokenSet) == nil)
        #expect(!loginSessions.isOpen(id: loginSession.id, now: noon))
    }

    @Test func aSignInEndsWithItsToken() throws {
        let loginSessions = open()
        defer { loginSessions.flush() }
        let later = noon + 20 * day
        let (loginSession, secret) = loginSessions.create(for: token, now: later)
        #expect(loginSession.expiresAt == noon + 40 * day)
        var revoked = tokenSet
        _ = try revoked.revoke("alice", now: later + 1)
        #expect(loginSessions.find(secret, now: later + 1, tokenSet: tokenSet) != nil)
        #expect(loginSessions.find(secret, now: later + 1, tokenSet: revoked) == nil)
        #expect(loginSessions.find(secret, now: later, tokenSet: TokenSet()) == nil)
    }

    @Test func signInsOutliveARestart() throws {
        let first = open()
        let (_, kept) = first.create(for: token, now: noon)
        let (_, ended) = first.create(for: token, now: noon)
        first.end(ended, now: noon)
        first.flush()
        let text = try #require(try scratch.text("signins.json"))
        #expect(!text.contains(kept.cookie) && !text.contains(kept.pageKey) && scratch.mode("signins.json") == 0o600)
        let second = open()
        #expect(second.find(kept, now: noon, tokenSet: tokenSet)?.token == token)
        #expect(second.find(ended, now: noon, tokenSet: tokenSet) == nil)
        #expect(problems.rung == 0)
    }

    @Test func signInsOfAServerWithoutPageKeysHaveEnded() {
        scratch.write("signins.json", #"{"version":1,"signIns":[{"id":"0123456789abcdef"}]}"#)
        let loginSessions = open()
        let (_, secret) = loginSessions.create(for: token, now: noon)
        loginSessions.flush()
        #expect(open().find(secret, now: noon, tokenSet: tokenSet) != nil)
        #expect(problems.rung == 0)
    }

    @Test(arguments: ["", "{}", #"{"version":2,"signIns":[{}]}"#, #"{"version":3,"signIns":[]}"#])
    func aDamagedFileIsReportedAndSignsNobodyIn(text: String) throws {
        scratch.write("signins.json", text)
        let loginSessions = open()
        #expect(problems.rung == 1)
        let (_, secret) = loginSessions.create(for: token, now: noon)
        loginSessions.flush()
        #expect(open().find(secret, now: noon, tokenSet: tokenSet) != nil)
        #expect(problems.rung == 1)
    }

    @Test func aDiskThatFailsIsReportedAndTheSignInHolds() throws {
        mkdir(scratch.file("signins.json.new"), 0o700)
        let loginSessions = open()
        let (_, secret) = loginSessions.create(for: token, now: noon)
        loginSessions.flush()
        #expect(problems.rung == 1)
        #expect(loginSessions.find(secret, now: noon, tokenSet: tokenSet) != nil)
    }

    @Test func oneTokenCannotPushOthersOut() throws {
        var pure = LoginSessions()
        var other = TokenSet()
        let hash = try #require(SecretHash(of: "b"))
        let bob = try other.add(name: "bob", role: .admin, hash: hash, expiresIn: nil, now: noon)
        let bobs = pure.create(for: bob, hash: hash, keyHash: hash, now: noon)
        var hashes: [SecretHash] = []
        for number in 0..<150 {
            hashes.append(try #require(SecretHash(of: "\(number)")))
            _ = pure.create(for: token, hash: hashes[number], keyHash: hash, now: noon)
        }
        #expect(pure.loginSessions.count == 101)
        #expect(pure.find(hash, keyHash: hash, now: noon) == bobs)
        #expect(pure.find(hashes[49], keyHash: hash, now: noon) == nil)
        #expect(pure.find(hashes[50], keyHash: hash, now: noon) != nil)
    }

    @Test func beyondAThousandTheOldestEnds() throws {
        var pure = LoginSessions()
        var tokens = TokenSet()
        var first: SecretHash?
        for number in 0...LoginSessions.capacity {
            let hash = try #require(SecretHash(of: "\(number)"))
            first = first ?? hash
            let isNext = number % LoginSessions.capacityPerToken == 0
            if isNext { _ = try tokens.add(name: "t\(number)", role: .viewer, hash: hash, expiresIn: nil, now: noon) }
            _ = pure.create(for: try #require(tokens.tokens.last), hash: hash, keyHash: hash, now: noon)
        }
        #expect(pure.loginSessions.count == LoginSessions.capacity)
        let oldest = try #require(first)
        #expect(pure.find(oldest, keyHash: oldest, now: noon) == nil)
        // Creating a session drops the ended ones.
        let hash = try #require(SecretHash(of: "late"))
        _ = pure.create(for: try #require(tokens.tokens.last), hash: hash, keyHash: hash, now: noon + 31 * day)
        #expect(pure.loginSessions.count == 1)
    }
}

@Suite struct TicketTests {
    private func oneToken() throws -> (TokenSet, AccessToken) {
        var tokenSet = TokenSet()
        let hash = try #require(SecretHash(of: "a"))
        let token = try tokenSet.add(name: "alice", role: .viewer, hash: hash, expiresIn: nil, now: noon)
        return (tokenSet, token)
    }

    @Test func aTicketWorksOnce() throws {
        let (tokenSet, token) = try oneToken()
        let tickets = Tickets()
        let (ticket, expiresAt) = tickets.create(forToken: token.id, now: noon)
        #expect(ticket.utf8.count == 43 && expiresAt == noon + 60_000)
        #expect(tickets.redeem(ticket + "A", now: noon, tokenSet: tokenSet) == nil)
        #expect(tickets.redeem(ticket, now: noon + 1, tokenSet: tokenSet) == token)
        #expect(tickets.redeem(ticket, now: noon + 2, tokenSet: tokenSet) == nil)
    }

    @Test func aTicketLastsAMinute() throws {
        let (tokenSet, token) = try oneToken()
        let tickets = Tickets()
        let (first, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(first, now: noon + 60_000, tokenSet: tokenSet) == nil)
        let (second, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(second, now: noon + 59_999, tokenSet: tokenSet) == token)
        // Setting the clock back does not prolong the ticket.
        let (third, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(third, now: noon - 3_600_000, tokenSet: tokenSet) == nil)
    }

    @Test func aTicketEndsWithItsToken() throws {
        let (valid, token) = try oneToken()
        var tokenSet = valid
        let tickets = Tickets()
        let (ticket, _) = tickets.create(forToken: token.id, now: noon)
        _ = try tokenSet.revoke("alice", now: noon)
        #expect(tickets.redeem(ticket, now: noon + 1, tokenSet: tokenSet) == nil)
    }

    @Test func thereAreAtMostAHundredAndTenOfOneToken() throws {
        let tickets = Tickets()
        var tokenSet = TokenSet()
        var made: [String] = []
        for number in 0..<11 {
            let hash = try #require(SecretHash(of: "\(number)"))
            let token = try tokenSet.add(name: "t\(number)", role: .viewer, hash: hash, expiresIn: nil, now: noon)
            for _ in 0..<(number == 0 ? 11 : 10) { made.append(tickets.create(forToken: token.id, now: noon).ticket) }
        }
        // 111 tickets: the first is dropped by its own token's limit, the ten after it by the overall limit.
        let alive = made.indices.filter { tickets.redeem(made[$0], now: noon, tokenSet: tokenSet) != nil }
        #expect(alive == Array(11..<111))
    }
}
