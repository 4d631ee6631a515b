import Access
@testable import Edge
import Glibc
import Policy
import Session
import Testing

/// The local user comes in by being one; everybody else shows a token, a sign-in's cookie, or comes through a proxy that
/// is trusted.
@Suite final class IdentityTests {
    private let directory: String
    private let keyring: Keyring
    private let secret: String
    private let ann: Actor
    private let secrets: SignInSecrets
    private var cookie: String { "sre-agent-session=\(secrets.cookie)" }

    init() throws {
        var template = Array("/tmp/identity-XXXXXX".utf8CString)
        directory = String(cString: try #require(mkdtemp(&template)))
        let store = TokenStore(directory: directory)
        let (token, secret) = try store.create(name: "ann", role: .operator, expiresIn: nil)
        self.secret = secret
        ann = Actor(.token(id: token.id, name: "ann"), role: .operator)
        let tokens = try LiveTokens(store, changed: { _ in }, report: { _ in })
        let signIns = SignIns(directory: directory) { _ in }
        secrets = signIns.create(for: token, now: WallClock.now()).secrets
        keyring = Keyring(tokens: tokens, signIns: signIns, startTokenID: nil)
    }

    deinit {
        keyring.tokens.stop()
        keyring.signIns.flush()
        for name in ["tokens.json", "tokens.lock", "signins.json"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    private func identify(_ visitor: Visitor, mayTrustLocal: Bool = true) throws -> Actor {
        try keyring.identify(visitor, mayTrustLocal: mayTrustLocal).actor
    }

    private func refusal(_ visitor: Visitor, mayTrustLocal: Bool = true) -> Int? {
        do throws(Door.Refusal) {
            _ = try keyring.identify(visitor, mayTrustLocal: mayTrustLocal)
            return nil
        } catch {
            return error.status
        }
    }

    @Test func theLocalUserNeedsNoToken() throws {
        #expect(try identify(Visitor(isSameUser: { true })) == .local)
    }

    @Test(arguments: [
        Visitor(), Visitor(isForwarded: true, isSameUser: { true }), Visitor(authorization: "Basic czNjcmV0"),
        Visitor(authorization: "s3cret"), Visitor(authorization: "Bearer"), Visitor(authorization: "Bearer "),
        Visitor(authorization: ""), Visitor(cookie: "sre-agent-session="), Visitor(cookie: "sre-agent-session"),
        Visitor(cookie: "s3cret"),
    ])
    func withoutATokenNobodyElseComesIn(_ visitor: Visitor) {
        #expect(refusal(visitor) == 401)
    }

    @Test func onlyOurCookieCounts() throws {
        #expect(try identify(signedIn(cookie)) == ann)
        #expect(try identify(signedIn("a=1;\(cookie); b=2")) == ann)
        for other in [
            "x\(cookie)", cookie.replacing("=", with: "x="), "a=\(cookie)", cookie + "x", cookie.uppercased(),
        ] {
            #expect(refusal(signedIn(other)) == 401)
        }
    }

    private func signedIn(_ cookie: String) -> Visitor { Visitor(cookie: cookie, pageKeyHeader: secrets.pageKey) }

    /// Whoever serves another port of the same name gets the cookie.
    @Test func theCookieAloneOpensNothing() throws {
        let offered = "sre-agent-page-key.\(secrets.pageKey)"
        #expect(try identify(Visitor(cookie: cookie, subprotocols: ["sre-agent", offered])) == ann)
        for key in [nil, "", secrets.cookie, String(secrets.pageKey.dropLast())] {
            #expect(refusal(Visitor(cookie: cookie, pageKeyHeader: key)) == 401)
            #expect(refusal(Visitor(cookie: cookie, subprotocols: ["sre-agent-page-key.\(key ?? "")"])) == 401)
        }
        #expect(refusal(Visitor(pageKeyHeader: secrets.pageKey)) == 401)
        #expect(refusal(Visitor(cookie: cookie, subprotocols: [secrets.pageKey, "sre-agent"])) == 401)
    }

    /// A command with network access could come in over loopback as the local user.
    @Test func whileACommandHasTheNetworkTheLocalUserSignsInToo() throws {
        #expect(refusal(Visitor(isSameUser: { true }), mayTrustLocal: false) == 401)
        let signedIn = Visitor(authorization: "Bearer \(secret)", isSameUser: { true })
        #expect(try identify(signedIn, mayTrustLocal: false) == ann)
    }

    @Test func whoShowsATokenIsItsHolder() throws {
        for visitor in [
            Visitor(authorization: "Bearer \(secret)"), Visitor(authorization: "BEARER \(secret)"),
            Visitor(authorization: "Bearer \(secret)", cookie: "sre-agent-session=old"),
            Visitor(authorization: "Bearer \(secret)", isForwarded: true),
            Visitor(authorization: "Bearer \(secret)", isSameUser: { true }),
        ] {
            #expect(try identify(visitor) == ann)
        }
    }

    @Test func aWrongTokenIsRefusedWhateverElseIsThere() {
        for wrong in [
            "wrong", String(secret.dropLast()), secret + "1", secret.uppercased(), " \(secret)", secret + "\0",
        ] {
            #expect(refusal(Visitor(authorization: "Bearer \(wrong)", cookie: cookie, isSameUser: { true })) == 401)
        }
    }

    @Test func guessingIsSlowedDownAndARightTokenGetsIn() throws {
        for _ in 0..<GuessLimiter.limit {
            #expect(refusal(Visitor(authorization: "Bearer x", peer: "192.0.2.1")) == 401)
        }
        #expect(refusal(Visitor(authorization: "Bearer x", peer: "192.0.2.1")) == 429)
        #expect(refusal(Visitor(authorization: "Bearer x", peer: "192.0.2.2")) == 401)
        #expect(try identify(Visitor(authorization: "Bearer \(secret)", peer: "192.0.2.1")) == ann)
    }

    /// Cookies have no port: one of another server on this machine, or of an earlier sign-in, must not lock the page of
    /// the local user out.
    @Test func aStaleCookieDoesNotLockTheLocalUserOut() throws {
        #expect(try identify(Visitor(cookie: "sre-agent-session=old", isSameUser: { true })) == .local)
    }

    @Test func aSignInEndsWithItsTokenAndByItself() throws {
        let caller = try keyring.identify(signedIn(cookie), mayTrustLocal: true)
        #expect(keyring.mayStay(caller))
        #expect(keyring.signIns.end(secrets, now: WallClock.now())?.id == caller.signInID)
        #expect(!keyring.mayStay(caller))
        #expect(refusal(signedIn(cookie)) == 401)
        let byToken = try keyring.identify(Visitor(authorization: "Bearer \(secret)"), mayTrustLocal: true)
        #expect(keyring.mayStay(byToken), "another way in of the same token")
    }

    // MARK: Proxies

    private func trust(_ addresses: [String]) throws {
        keyring.proxies = .init(
            addresses: try TrustedProxies(addresses),
            identity: try ProxyIdentity(roles: ["bob": .approver, "eve": .viewer], defaultRole: nil))
    }

    private func visitor(_ users: String..., peer: String, isSameUser: Bool = false) -> Visitor {
        Visitor(
            isForwarded: true, forwardedFor: ["203.0.113.9", "10.0.0.1"],
            values: { $0.lowercased() == "x-forwarded-user" ? users : [] }, isSameUser: { isSameUser }, peer: peer)
    }

    @Test func aTrustedProxySaysWhoItIs() throws {
        try trust(["10.0.0.1", "10.0.0.2"])
        let caller = try keyring.identify(visitor("bob", peer: "10.0.0.2"), mayTrustLocal: true)
        #expect(caller.actor == Actor(.proxy(name: "bob"), role: .approver))
        #expect(caller.address == "203.0.113.9", "the last that no trusted proxy has added")
        #expect(keyring.mayStay(caller))
        keyring.proxies = .init(
            addresses: try TrustedProxies(["10.0.0.2"]), identity: try ProxyIdentity(roles: ["bob": .viewer]))
        #expect(!keyring.mayStay(caller), "another role is another person")
    }

    @Test func nobodyElseDoes() throws {
        #expect(refusal(visitor("bob", peer: "10.0.0.2")) == 401, "no proxy is trusted by default")
        try trust(["10.0.0.1", "127.0.0.1"])
        #expect(refusal(visitor("bob", peer: "10.0.0.2")) == 401)
        #expect(refusal(visitor("mallory", peer: "10.0.0.1")) == 403)
        #expect(refusal(visitor("bob", "eve", peer: "10.0.0.1")) == 401)
        #expect(refusal(visitor("eve, bob", peer: "10.0.0.1")) == 401)
        #expect(refusal(visitor(peer: "10.0.0.1")) == 401)
        #expect(refusal(visitor("bob", peer: "127.0.0.1", isSameUser: true), mayTrustLocal: false) == 401)
        #expect(try identify(visitor("bob", peer: "127.0.0.1"), mayTrustLocal: false).name == "bob")
    }
}
