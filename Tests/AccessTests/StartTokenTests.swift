import Policy
import Testing

@testable import Access

@Suite struct StartTokenTests {
    let scratch: Scratch
    let store: FileTokenStore

    init() throws {
        scratch = try Scratch()
        store = FileTokenStore(directory: scratch.path)
    }

    private func secret() throws -> String? {
        try scratch.text("token")?.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    @Test func theFirstStartMakesOneAdminToken() throws {
        let first = try #require(try store.prepareStartToken(now: noon))
        #expect(first.isNew && first.token.name == "start" && first.token.role == .admin)
        #expect(first.secretPath == scratch.file("token"))
        let secret = try #require(try secret())
        #expect(try store.read().find(secret, now: noon) == first.token)
        let second = try #require(try store.prepareStartToken(now: noon + day))
        #expect(!second.isNew && second.token == first.token && second.secretPath == first.secretPath)
        #expect(try self.secret() == secret)
    }

    @Test func aRevokedStartTokenStaysRevoked() throws {
        _ = try store.prepareStartToken()
        let secret = try #require(try secret())
        try store.revoke("start")
        #expect(!scratch.exists("token"))
        let start = try #require(try store.prepareStartToken())
        #expect(!start.isNew && start.secretPath == nil)
        #expect(!scratch.exists("token"))
        // Not even if the file with its secret is restored.
        scratch.write("token", secret)
        #expect(try store.prepareStartToken()?.secretPath == nil)
        #expect(try store.read().find(secret, now: WallClock.now()) == nil)
        // But the operator may create a token of that name.
        _ = try store.create(name: "start", role: .viewer)
        #expect(try store.prepareStartToken()?.secretPath == nil)
    }

    @Test(arguments: ["0123456789abcdef0123456789abcdef\n", "s3cret", "  pass-wörd \n more", "x"])
    func aTokenOfAnOlderVersionIsTakenOver(text: String) throws {
        scratch.write("token", text, mode: 0o644)
        let start = try #require(try store.prepareStartToken(now: noon))
        let word = try #require(text.split(whereSeparator: \.isWhitespace).first)
        #expect(start.isNew && start.secretPath != nil)
        #expect(try store.read().find(String(word), now: noon)?.role == .admin)
        #expect(try scratch.text("token") == text)
        #expect(scratch.mode("token") == 0o600)
    }

    @Test func anEmptyTokenFileIsNoToken() throws {
        scratch.write("token", " \n")
        _ = try store.prepareStartToken()
        #expect(Secret.isTokenOfOurs(try #require(try secret())))
        #expect(try store.read().find("", now: noon) == nil)
    }

    @Test func aTokenThatIsTooLongIsSaidToBeSo() throws {
        scratch.write("token", String(repeating: "a", count: 513))
        #expect(fileError { _ = try store.prepareStartToken() }?.hasPrefix(scratch.file("token")) == true)
        #expect(!scratch.exists("tokens.json"))
    }

    @Test func tokensMadeBeforeTheFirstStartDoNotReplaceIt() throws {
        _ = try store.create(name: "alice", role: .viewer)
        #expect(usageError { _ = try store.create(name: "Start", role: .viewer) } != nil)
        #expect(try store.prepareStartToken()?.isNew == true)
        #expect(try store.list().map(\.name) == ["alice", "start"])
    }

    @Test func anotherTextInTheFileIsNotShownAsTheToken() throws {
        _ = try store.prepareStartToken()
        scratch.write("token", "something else")
        #expect(try store.prepareStartToken()?.secretPath == nil)
        try store.revoke("start")
        #expect(try scratch.text("token") == "something else")
    }
}
