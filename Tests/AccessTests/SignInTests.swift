import Glibc
import Policy
import Testing

@testable import Access

@Suite struct SignInTests {
    let scratch: Scratch
    let token: AccessToken
    let book: TokenBook
    let problems = Signal()

    init() throws {
        scratch = try Scratch()
        let store = TokenStore(directory: scratch.path)
        token = try store.create(name: "alice", role: .operator, expiresIn: .seconds(40 * 86_400), now: noon).token
        book = try store.read()
    }

    private func open() -> SignIns { SignIns(directory: scratch.path) { [problems] _ in problems.ring() } }

    @Test func aSignInIsFoundByItsSecretUntilItEnds() throws {
        let signIns = open()
        defer { signIns.flush() }
        let (signIn, secret) = signIns.create(for: token, now: noon)
        #expect(secret.cookie.utf8.count == 43 && secret.pageKey.utf8.count == 43)
        #expect(signIn.expiresAt == noon + 30 * day)
        #expect(signIns.find(secret, now: noon, book: book)?.token == token)
        #expect(signIns.find(secret, now: noon + 30 * day - 1, book: book)?.signIn.id == signIn.id)
        #expect(signIns.find(secret, now: noon + 30 * day, book: book) == nil)
        for cookie in [secret.pageKey, signIn.id, signIn.hash.hex, ""] {
            let wrong = SignInSecrets(cookie: cookie, pageKey: secret.pageKey)
            #expect(signIns.find(wrong, now: noon, book: book) == nil)
        }
        for pageKey in [secret.cookie, signIn.id, signIn.keyHash.hex, ""] {
            let wrong = SignInSecrets(cookie: secret.cookie, pageKey: pageKey)
            #expect(signIns.find(wrong, now: noon, book: book) == nil)
            #expect(signIns.end(wrong, now: noon) == nil)
        }
        #expect(signIns.isOpen(id: signIn.id, now: noon))
        #expect(!signIns.isOpen(id: signIn.id, now: noon + 30 * day))
        #expect(signIns.end(secret, now: noon)?.id == signIn.id)
        #expect(signIns.end(secret, now: noon) == nil)
        #expect(signIns.find(secret, now: noon, book: book) == nil)
        #expect(!signIns.isOpen(id: signIn.id, now: noon))
    }

    @Test func aSignInEndsWithItsToken() throws {
        let signIns = open()
        defer { signIns.flush() }
        let later = noon + 20 * day
        let (signIn, secret) = signIns.create(for: token, now: later)
        #expect(signIn.expiresAt == noon + 40 * day)
        var revoked = book
        _ = try revoked.revoke("alice", now: later + 1)
        #expect(signIns.find(secret, now: later + 1, book: book) != nil)
        #expect(signIns.find(secret, now: later + 1, book: revoked) == nil)
        #expect(signIns.find(secret, now: later, book: TokenBook()) == nil)
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
        #expect(second.find(kept, now: noon, book: book)?.token == token)
        #expect(second.find(ended, now: noon, book: book) == nil)
        #expect(problems.rung == 0)
    }

    @Test func signInsOfAServerWithoutPageKeysHaveEnded() {
        scratch.write("signins.json", #"{"version":1,"signIns":[{"id":"0123456789abcdef"}]}"#)
        let signIns = open()
        let (_, secret) = signIns.create(for: token, now: noon)
        signIns.flush()
        #expect(open().find(secret, now: noon, book: book) != nil)
        #expect(problems.rung == 0)
    }

    @Test(arguments: ["", "{}", #"{"version":2,"signIns":[{}]}"#, #"{"version":3,"signIns":[]}"#])
    func aDamagedFileIsReportedAndSignsNobodyIn(text: String) throws {
        scratch.write("signins.json", text)
        let signIns = open()
        #expect(problems.rung == 1)
        let (_, secret) = signIns.create(for: token, now: noon)
        signIns.flush()
        #expect(open().find(secret, now: noon, book: book) != nil)
        #expect(problems.rung == 1)
    }

    @Test func aDiskThatFailsIsReportedAndTheSignInHolds() throws {
        mkdir(scratch.file("signins.json.new"), 0o700)
        let signIns = open()
        let (_, secret) = signIns.create(for: token, now: noon)
        signIns.flush()
        #expect(problems.rung == 1)
        #expect(signIns.find(secret, now: noon, book: book) != nil)
    }

    @Test func oneTokenCannotPushOthersOut() throws {
        var pure = SignInBook()
        var other = TokenBook()
        let hash = try #require(SecretHash(of: "b"))
        let bob = try other.add(name: "bob", role: .admin, hash: hash, expiresIn: nil, now: noon)
        let bobs = pure.create(for: bob, hash: hash, keyHash: hash, now: noon)
        var hashes: [SecretHash] = []
        for number in 0..<150 {
            hashes.append(try #require(SecretHash(of: "\(number)")))
            _ = pure.create(for: token, hash: hashes[number], keyHash: hash, now: noon)
        }
        #expect(pure.signIns.count == 101)
        #expect(pure.find(hash, keyHash: hash, now: noon) == bobs)
        #expect(pure.find(hashes[49], keyHash: hash, now: noon) == nil)
        #expect(pure.find(hashes[50], keyHash: hash, now: noon) != nil)
    }

    @Test func beyondAThousandTheOldestEnds() throws {
        var pure = SignInBook()
        var tokens = TokenBook()
        var first: SecretHash?
        for number in 0...SignInBook.capacity {
            let hash = try #require(SecretHash(of: "\(number)"))
            first = first ?? hash
            let isNext = number % SignInBook.capacityPerToken == 0
            if isNext { _ = try tokens.add(name: "t\(number)", role: .viewer, hash: hash, expiresIn: nil, now: noon) }
            _ = pure.create(for: try #require(tokens.tokens.last), hash: hash, keyHash: hash, now: noon)
        }
        #expect(pure.signIns.count == SignInBook.capacity)
        let oldest = try #require(first)
        #expect(pure.find(oldest, keyHash: oldest, now: noon) == nil)
        // Those that have ended are dropped with the next one.
        let hash = try #require(SecretHash(of: "late"))
        _ = pure.create(for: try #require(tokens.tokens.last), hash: hash, keyHash: hash, now: noon + 31 * day)
        #expect(pure.signIns.count == 1)
    }
}

@Suite struct TicketTests {
    private func oneToken() throws -> (TokenBook, AccessToken) {
        var book = TokenBook()
        let hash = try #require(SecretHash(of: "a"))
        let token = try book.add(name: "alice", role: .viewer, hash: hash, expiresIn: nil, now: noon)
        return (book, token)
    }

    @Test func aTicketWorksOnce() throws {
        let (book, token) = try oneToken()
        let tickets = Tickets()
        let (ticket, expiresAt) = tickets.create(forToken: token.id, now: noon)
        #expect(ticket.utf8.count == 43 && expiresAt == noon + 60_000)
        #expect(tickets.redeem(ticket + "A", now: noon, book: book) == nil)
        #expect(tickets.redeem(ticket, now: noon + 1, book: book) == token)
        #expect(tickets.redeem(ticket, now: noon + 2, book: book) == nil)
    }

    @Test func aTicketLastsAMinute() throws {
        let (book, token) = try oneToken()
        let tickets = Tickets()
        let (first, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(first, now: noon + 60_000, book: book) == nil)
        let (second, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(second, now: noon + 59_999, book: book) == token)
        // A clock that was set back does not make it last.
        let (third, _) = tickets.create(forToken: token.id, now: noon)
        #expect(tickets.redeem(third, now: noon - 3_600_000, book: book) == nil)
    }

    @Test func aTicketEndsWithItsToken() throws {
        let (valid, token) = try oneToken()
        var book = valid
        let tickets = Tickets()
        let (ticket, _) = tickets.create(forToken: token.id, now: noon)
        _ = try book.revoke("alice", now: noon)
        #expect(tickets.redeem(ticket, now: noon + 1, book: book) == nil)
    }

    @Test func thereAreAtMostAHundredAndTenOfOneToken() throws {
        let tickets = Tickets()
        var book = TokenBook()
        var made: [String] = []
        for number in 0..<11 {
            let hash = try #require(SecretHash(of: "\(number)"))
            let token = try book.add(name: "t\(number)", role: .viewer, hash: hash, expiresIn: nil, now: noon)
            for _ in 0..<(number == 0 ? 11 : 10) { made.append(tickets.create(forToken: token.id, now: noon).ticket) }
        }
        // 111 were made: the first by its own token's limit, the ten after it by the limit of all.
        let alive = made.indices.filter { tickets.redeem(made[$0], now: noon, book: book) != nil }
        #expect(alive == Array(11..<111))
    }
}
