@testable import Edge
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

/// The parts of a request that are read before authentication.
@Suite struct RequestCredentialsTests {
    @Test func itsHeadersAreRead() {
        let credentials = Self.credentials([
            ("host", "localhost:3000"), ("ORIGIN", "http://localhost:3000"), ("Authorization", "Bearer x"),
            ("Cookie", "a=b"), ("User-Agent", "curl/8"), ("X-Forwarded-For", "203.0.113.9, 10.0.0.1"),
            ("x-forwarded-for", "10.0.0.2"), ("X-Forwarded-User", "ann"),
        ])
        #expect(credentials.host == "localhost:3000" && credentials.origin == "http://localhost:3000")
        #expect(credentials.authorization == "Bearer x" && credentials.cookie == "a=b")
        #expect(credentials.userAgent == "curl/8" && credentials.isForwarded)
        #expect(credentials.forwardedFor == ["203.0.113.9", "10.0.0.1", "10.0.0.2"])
        #expect(credentials.values("x-forwarded-user") == ["ann"])
        #expect(!Self.credentials([("Host", "localhost")]).isForwarded)
    }

    @Test(arguments: [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Via",
        "x-forwarded-for", "VIA", "CF-Connecting-IP", "True-Client-IP", "Tailscale-User-Login", "X-Client-IP",
        "Remote-User",
    ])
    func whatCameThroughAProxyIsNotLocal(_ header: String) {
        #expect(Self.credentials([("Host", "localhost"), (header, "")]).isForwarded)
    }

    @Test func aConnectionWithoutAnAddressIsNobodys() {
        let credentials = Self.credentials([("Host", "localhost")])
        #expect(!credentials.isSameUser())
        #expect(credentials.peer.isEmpty)
    }

    private static func credentials(_ headers: [(String, String)]) -> RequestCredentials {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: HTTPHeaders(headers))
        return RequestCredentials(head, channel: EmbeddedChannel())
    }
}
