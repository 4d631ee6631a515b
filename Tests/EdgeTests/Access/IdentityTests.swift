import Access
@testable import Edge
import Glibc
import Policy
import Session
import Testing

/// The connecting process identifies the local user; others need a token, a sign-in's cookie, or a trusted proxy.
@Suite final class IdentityTests {
    private let directory: String
    private let authenticator: Authenticator
    private let secret: String
    private let ann: Principal
    private let secrets: LoginSecrets
    private var cookie: String { "sre-agent-session=\(secrets.cookie)" }

    init() throws {
        var template = Array("/tmp/identity-XXXXXX".utf8CString)
        directory = String(cString: try #require(mkdtemp(&template)))
        let store = FileTokenStore(directory: directory)
        let (token, secret) = try store.create(name: "ann", role: .operator, expiresIn: nil)
        self.secret = secret
        ann = Principal(.token(id: token.id, name: "ann"), role: .operator)
        let tokens = try LiveTokens(store, report: { _ in })
        let loginSessions = FileLoginSessionStore(directory: directory) { _ in }
        secrets = loginSessions.create(for: token, now: WallClock.now()).secrets
        authenticator = Authenticator(tokens: tokens, loginSessions: loginSessions, startTokenID: nil)
    }

    deinit {
        authenticator.tokens.stop()
        authenticator.loginSessions.flush()
        for name in ["tokens.json", "tokens.lock", "signins.json"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    private func identify(_ credentials: RequestCredentials, mayTrustLocal: Bool = true) throws -> Principal {
        try authenticator.identify(credentials, mayTrustLocal: mayTrustLocal).principal
    }

    private func refusal(_ credentials: RequestCredentials, mayTrustLocal: Bool = true) -> Int? {
        do throws(AccessRefusal) {
            _ = try authenticator.identify(credentials, mayTrustLocal: mayTrustLocal)
            return nil
        } catch {
            return error.status
        }
    }

    @Test func theLocalUserNeedsNoToken() throws {
        #expect(try identify(RequestCredentials(isSameUser: { true })) == .local)
    }

    @Test(arguments: [
        RequestCredentials(), RequestCredentials(isForwarded: true, isSameUser: { true }),
        RequestCredentials(authorization: "Basic czNjcmV0"),
        RequestCredentials(authorization: "s3cret"), RequestCredentials(authorization: "Bearer"),
        RequestCredentials(authorization: "Bearer "),
        RequestCredentials(authorization: ""), RequestCredentials(cookie: "sre-agent-session="),
        RequestCredentials(cookie: "sre-agent-session"),
        RequestCredentials(cookie: "s3cret"),
    ])
    func withoutATokenNobodyElseComesIn(_ credentials: RequestCredentials) {
        #expect(refusal(credentials) == 401)
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

    private func signedIn(_ cookie: String) -> RequestCredentials {
        RequestCredentials(cookie: cookie, pageKeyHeader: secrets.pageKey)
    }

    /// A server on another port of the same host name receives the cookie.
    @Test func theCookieAloneOpensNothing() throws {
        let offered = "sre-agent-page-key.\(secrets.pageKey)"
        #expect(try identify(RequestCredentials(cookie: cookie, subprotocols: ["sre-agent", offered])) == ann)
        for key in [nil, "", secrets.cookie, String(secrets.pageKey.dropLast())] {
            #expect(refusal(RequestCredentials(cookie: cookie, pageKeyHeader: key)) == 401)
            #expect(
                refusal(RequestCredentials(cookie: cookie, subprotocols: ["sre-agent-page-key.\(key ?? "")"])) == 401)
        }
        #expect(refusal(RequestCredentials(pageKeyHeader: secrets.pageKey)) == 401)
        #expect(refusal(RequestCredentials(cookie: cookie, subprotocols: [secrets.pageKey, "sre-agent"])) == 401)
    }

    /// A command with network access could connect over loopback as the local user.
    @Test func whileACommandHasTheNetworkTheLocalUserSignsInToo() throws {
        #expect(refusal(RequestCredentials(isSameUser: { true }), mayTrustLocal: false) == 401)
        let signedIn = RequestCredentials(authorization: "Bearer \(secret)", isSameUser: { true })
        #expect(try identify(signedIn, mayTrustLocal: false) == ann)
    }

    @Test func whoShowsATokenIsItsHolder() throws {
        for credentials in [
            RequestCredentials(authorization: "Bearer \(secret)"),
            RequestCredentials(authorization: "BEARER \(secret)"),
            RequestCredentials(authorization: "Bearer \(secret)", cookie: "sre-agent-session=old"),
            RequestCredentials(authorization: "Bearer \(secret)", isForwarded: true),
            RequestCredentials(authorization: "Bearer \(secret)", isSameUser: { true }),
        ] {
            #expect(try identify(credentials) == ann)
        }
    }

    @Test func aWrongTokenIsRefusedWhateverElseIsThere() {
        for wrong in [
            "wrong", String(secret.dropLast()), secret + "1", secret.uppercased(), " \(secret)", secret + "\0",
        ] {
            #expect(
                refusal(RequestCredentials(authorization: "Bearer \(wrong)", cookie: cookie, isSameUser: { true }))
                    == 401)
        }
    }

    @Test func guessingIsSlowedDownAndARightTokenGetsIn() throws {
        for _ in 0..<LoginRateLimiter.limit {
            #expect(refusal(RequestCredentials(authorization: "Bearer x", peer: "192.0.2.1")) == 401)
        }
        #expect(refusal(RequestCredentials(authorization: "Bearer x", peer: "192.0.2.1")) == 429)
        #expect(refusal(RequestCredentials(authorization: "Bearer x", peer: "192.0.2.2")) == 401)
        #expect(try identify(RequestCredentials(authorization: "Bearer \(secret)", peer: "192.0.2.1")) == ann)
    }

    /// Cookies have no port: a cookie of another server on this machine, or of an earlier sign-in, must not lock the
    /// local user's page out.
    @Test func aStaleCookieDoesNotLockTheLocalUserOut() throws {
        #expect(try identify(RequestCredentials(cookie: "sre-agent-session=old", isSameUser: { true })) == .local)
    }

    @Test func aSignInEndsWithItsTokenAndByItself() throws {
        let client = try authenticator.identify(signedIn(cookie), mayTrustLocal: true)
        #expect(authenticator.mayStay(client))
        #expect(authenticator.loginSessions.end(secrets, now: WallClock.now())?.id == client.loginSessionID)
        #expect(!authenticator.mayStay(client))
        #expect(refusal(signedIn(cookie)) == 401)
        let byToken = try authenticator.identify(
            RequestCredentials(authorization: "Bearer \(secret)"), mayTrustLocal: true)
        #expect(authenticator.mayStay(byToken), "another way in of the same token")
    }

    // MARK: Proxies

    private func trust(_ addresses: [String]) throws {
        authenticator.proxies = .init(
            addresses: try TrustedProxies(addresses),
            identity: try ProxyIdentity(roles: ["bob": .approver, "eve": .viewer], defaultRole: nil))
    }

    private func credentials(_ users: String..., peer: String, isSameUser: Bool = false) -> RequestCredentials {
        RequestCredentials(
            isForwarded: true, forwardedFor: ["203.0.113.9", "10.0.0.1"],
            values: { $0.lowercased() == "x-forwarded-user" ? users : [] }, isSameUser: { isSameUser }, peer: peer)
    }

    @Test func aTrustedProxySaysWhoItIs() throws {
        try trust(["10.0.0.1", "10.0.0.2"])
        let client = try authenticator.identify(credentials("bob", peer: "10.0.0.2"), mayTrustLocal: true)
        #expect(client.principal == Principal(.proxy(name: "bob"), role: .approver))
        #expect(client.address == "203.0.113.9", "the last that no trusted proxy has added")
        #expect(authenticator.mayStay(client))
        authenticator.proxies = .init(
            addresses: try TrustedProxies(["10.0.0.2"]), identity: try ProxyIdentity(roles: ["bob": .viewer]))
        #expect(!authenticator.mayStay(client), "another role is another person")
    }

    @Test func nobodyElseDoes() throws {
        #expect(refusal(credentials("bob", peer: "10.0.0.2")) == 401, "no proxy is trusted by default")
        try trust(["10.0.0.1", "127.0.0.1"])
        #expect(refusal(credentials("bob", peer: "10.0.0.2")) == 401)
        #expect(refusal(credentials("mallory", peer: "10.0.0.1")) == 403)
        #expect(refusal(credentials("bob", "eve", peer: "10.0.0.1")) == 401)
        #expect(refusal(credentials("eve, bob", peer: "10.0.0.1")) == 401)
        #expect(refusal(credentials(peer: "10.0.0.1")) == 401)
        #expect(refusal(credentials("bob", peer: "127.0.0.1", isSameUser: true), mayTrustLocal: false) == 401)
        #expect(try identify(credentials("bob", peer: "127.0.0.1"), mayTrustLocal: false).name == "bob")
    }
}
