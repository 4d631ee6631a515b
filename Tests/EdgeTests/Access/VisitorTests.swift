@testable import Edge
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

/// What the door is told of a request.
@Suite struct VisitorTests {
    @Test func itsHeadersAreRead() {
        let visitor = Self.visitor([
            ("host", "localhost:3000"), ("ORIGIN", "http://localhost:3000"), ("Authorization", "Bearer x"),
            ("Cookie", "a=b"), ("User-Agent", "curl/8"), ("X-Forwarded-For", "203.0.113.9, 10.0.0.1"),
            ("x-forwarded-for", "10.0.0.2"), ("X-Forwarded-User", "ann"),
        ])
        #expect(visitor.host == "localhost:3000" && visitor.origin == "http://localhost:3000")
        #expect(visitor.authorization == "Bearer x" && visitor.cookie == "a=b")
        #expect(visitor.userAgent == "curl/8" && visitor.isForwarded)
        #expect(visitor.forwardedFor == ["203.0.113.9", "10.0.0.1", "10.0.0.2"])
        #expect(visitor.values("x-forwarded-user") == ["ann"])
        #expect(!Self.visitor([("Host", "localhost")]).isForwarded)
    }

    @Test(arguments: [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Via",
        "x-forwarded-for", "VIA",
    ])
    func whatCameThroughAProxyIsNotLocal(_ header: String) {
        #expect(Self.visitor([("Host", "localhost"), (header, "")]).isForwarded)
    }

    @Test func aConnectionWithoutAnAddressIsNobodys() {
        let visitor = Self.visitor([("Host", "localhost")])
        #expect(!visitor.isSameUser())
        #expect(visitor.peer.isEmpty)
    }

    private static func visitor(_ headers: [(String, String)]) -> Visitor {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: HTTPHeaders(headers))
        return Visitor(head, channel: EmbeddedChannel())
    }
}
