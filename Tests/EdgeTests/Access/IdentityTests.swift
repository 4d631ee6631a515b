@testable import Edge
import Session
import Testing

/// The local user comes in by being one; everybody else shows the token.
@Suite struct IdentityTests {
    static let guest = Actor.tokenHolder(name: "token holder")

    @Test func theLocalUserNeedsNoToken() throws {
        #expect(try identify(Visitor(isSameUser: { true })) == .local)
    }

    @Test(arguments: [
        Visitor(), Visitor(isForwarded: true, isSameUser: { true }),
        Visitor(authorization: "Basic czNjcmV0", cookie: "a=s3cret"),
        Visitor(authorization: "s3cret"), Visitor(authorization: "Bearer"), Visitor(authorization: "Bearer "),
        Visitor(authorization: ""), Visitor(cookie: "sre-agent-token="), Visitor(cookie: "sre-agent-token"),
        Visitor(cookie: "xsre-agent-token=s3cret"), Visitor(cookie: "sre-agent-tokenx=s3cret"),
        Visitor(cookie: "SRE-AGENT-TOKEN=s3cret"), Visitor(cookie: "a=sre-agent-token=s3cret"),
        Visitor(cookie: "s3cret"),
    ])
    func withoutATokenNobodyElseComesIn(_ visitor: Visitor) {
        let refusal = #expect(throws: Door.Refusal.self) { try identify(visitor) }
        #expect(refusal?.status == 401)
    }

    /// A command with network access could come in over loopback as the local user.
    @Test func whileACommandHasTheNetworkTheLocalUserShowsTheTokenToo() throws {
        let refusal = #expect(throws: Door.Refusal.self) {
            try identify(Visitor(isSameUser: { true }), mayTrustLocal: false)
        }
        #expect(refusal?.status == 401)
        let signedIn = Visitor(authorization: "Bearer s3cret", isSameUser: { true })
        #expect(try identify(signedIn, mayTrustLocal: false) == Self.guest)
    }

    @Test(arguments: [
        Visitor(authorization: "Bearer s3cret"), Visitor(authorization: "bearer s3cret"),
        Visitor(authorization: "BEARER s3cret"),
        Visitor(cookie: "sre-agent-token=s3cret"), Visitor(cookie: "a=1; sre-agent-token=s3cret; b=2"),
        Visitor(cookie: "a=1;sre-agent-token=s3cret"),
        Visitor(authorization: "Basic x", cookie: "sre-agent-token=s3cret"),
        Visitor(authorization: "Bearer s3cret", cookie: "sre-agent-token=old"),
        Visitor(authorization: "Bearer s3cret", isForwarded: true),
    ])
    func whoShowsTheTokenIsATokenHolder(_ visitor: Visitor) throws {
        #expect(try identify(visitor) == Self.guest)
        #expect(try identify(visitor, mayTrustLocal: false) == Self.guest)
    }

    @Test(arguments: [
        "wrong", "s3cre", "s3cret1", "S3cret", " s3cret", "s3cret ", "\"s3cret\"", "s3cret\0", "s3cret,s3cret", "null",
    ])
    func aWrongTokenIsRefused(_ token: String) {
        for visitor in [Visitor(authorization: "Bearer \(token)"), Visitor(cookie: "sre-agent-token=\(token)x")] {
            let refusal = #expect(throws: Door.Refusal.self) { try identify(visitor) }
            #expect(refusal == Door.Refusal(status: 401, message: "This token is not valid."))
        }
    }

    @Test func aWrongHeaderIsNotSavedByARightCookie() {
        #expect(throws: Door.Refusal.self) {
            try identify(Visitor(authorization: "Bearer wrong", cookie: "sre-agent-token=s3cret", isSameUser: { true }))
        }
    }

    /// Cookies have no port: one of another server on this machine, or of an earlier token, must not lock the page
    /// of the local user out.
    @Test func aStaleCookieDoesNotLockTheLocalUserOut() throws {
        #expect(try identify(Visitor(cookie: "sre-agent-token=old", isSameUser: { true })) == .local)
    }

    private func identify(_ visitor: Visitor, mayTrustLocal: Bool = true) throws -> Actor {
        let door = Door(hosts: HostNames(allowed: [], machine: nil), publicOrigin: nil, token: AccessToken("s3cret"))
        return try door.identify(visitor, mayTrustLocal: mayTrustLocal)
    }
}
