import Glibc
import JSON
import Policy
import Testing

@testable import Access

@Suite struct TokenFileTests {
    let scratch: Scratch
    let store: FileTokenStore

    init() throws {
        scratch = try Scratch()
        store = FileTokenStore(directory: scratch.path)
    }

    @Test func noFileMeansNobody() throws {
        #expect(try store.read() == TokenSet())
        #expect(try store.read().find("", now: noon) == nil)
    }

    @Test func whatWasWrittenIsReadAgain() throws {
        _ = try store.prepareStartToken(now: noon)
        _ = try store.create(name: "a \"quoted\" name", role: .approver, expiresIn: .seconds(90), now: noon)
        try store.revoke("start", now: noon + 5)
        let tokenSet = try store.read()
        #expect(try TokenSet(parsing: tokenSet.serialized(), path: "x") == tokenSet)
        #expect(tokenSet.tokens.map(\.revokedAt) == [noon + 5, nil])
        #expect(tokenSet.tokens.map(\.expiresAt) == [nil, noon + 90_000])
    }

    static let token =
        #"{"id":"0123456789ab","name":"a","role":"viewer","sha256":"\#(String(repeating: "0", count: 64))","createdAt":1"#

    @Test(arguments: [
        "", "{", "null", "[]", "{}", #"{"version":2,"tokens":[]}"#, #"{"version":1}"#, #"{"version":1,"tokens":{}}"#,
        #"{"version":1,"tokens":[],"startToken":5}"#, #"{"version":1,"tokens":[{}]}"#, "\u{0}\u{0}\u{0}\u{0}",
        #"{"version":1,"tokens":[\#(token)},\#(token)}]}"#, #"{"version":1,"tokens":[\#(token)}]"#,
        #"{"version":1,"tokens":[\#(token),"expiresAt":"never"}]}"#,
        #"{"version":1,"tokens":[\#(token),"revokedAt":1.5}]}"#,
        #"{"version":1,"tokens":[\#(token),"expiresAt":null}]}"#,
        #"{"version":1,"tokens":[\#(token.replacing("viewer", with: "root"))}]}"#,
        #"{"version":1,"tokens":[\#(token.replacing("000", with: "00G"))}]}"#,
    ])
    func aDamagedFileIsAnErrorThatNamesIt(text: String) throws {
        scratch.write("tokens.json", text)
        let message = try #require(fileError { _ = try store.read() })
        #expect(message.hasPrefix(store.path) && !message.contains("\n"))
        // A new token does not overwrite the damaged file.
        #expect(fileError { _ = try store.create(name: "b", role: .viewer) } != nil)
        #expect(fileError { _ = try store.revoke("a") } != nil)
        #expect(fileError { _ = try store.prepareStartToken() } != nil)
        #expect(try scratch.text("tokens.json") == text)
    }

    @Test func theTokenOfTheDamagedOnesIsGoodItself() throws {
        scratch.write("tokens.json", #"{"version":1,"tokens":[\#(Self.token)}]}"#)
        #expect(try store.list().count == 1)
    }

    @Test func aDirectoryThatIsNotThereIsNamed() throws {
        let store = FileTokenStore(directory: "\(scratch.path)/none")
        #expect(fileError { _ = try store.create(name: "a", role: .viewer) }?.contains("/none") == true)
    }

    @Test func whatIsNoFileIsRefused() throws {
        mkdir(store.path, 0o700)
        #expect(fileError { _ = try store.read() } != nil)
        rmdir(store.path)
        mkfifo(store.path, 0o600)
        #expect(fileError { _ = try store.read() } != nil)
    }

    @Test func aWriteThatFailsLeavesTheOldContentAndNothingElse() throws {
        _ = try store.create(name: "a", role: .viewer)
        let before = try scratch.text("tokens.json")
        mkdir("\(store.path).new", 0o700)  // blocks the path of the new file
        #expect(fileError { _ = try store.create(name: "b", role: .viewer) } != nil)
        #expect(try scratch.text("tokens.json") == before)
        rmdir("\(store.path).new")
        scratch.write("tokens.json.new", "left by a crash", mode: 0o666)
        _ = try store.create(name: "b", role: .viewer)
        #expect(try store.list().count == 2)
        #expect(scratch.mode("tokens.json") == 0o600)
        #expect(!scratch.exists("tokens.json.new"))
    }
}
