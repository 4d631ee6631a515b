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
            ("Cookie", "a=b"),
        ])
        #expect(visitor.host == "localhost:3000" && visitor.origin == "http://localhost:3000")
        #expect(visitor.authorization == "Bearer x" && visitor.cookie == "a=b")
        #expect(!visitor.isForwarded)
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
        #expect(visitor.address.isEmpty)
    }

    private static func visitor(_ headers: [(String, String)]) -> Visitor {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: HTTPHeaders(headers))
        return Visitor(head, channel: EmbeddedChannel())
    }
}
