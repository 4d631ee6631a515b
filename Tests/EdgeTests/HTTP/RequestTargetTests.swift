@testable import Edge
import NIOHTTP1
import Testing

/// The path and query of a request target.
@Suite struct RequestTargetTests {
    @Test(arguments: ["/", "/healthz", "/?a=b", "/page/a/b.js?x=//../"])
    func aPath(_ text: String) throws {
        #expect(try RequestTarget.read(text) == .origin(text))
    }

    @Test(arguments: [
        ("http://localhost/a?b", "localhost", "/a?b"), ("HTTPS://localhost:1", "localhost:1", "/"),
        ("http://a@b/c", "a@b", "/c"), ("http://a?b", "a", "/?b"), ("http://[::1]:3000/", "[::1]:3000", "/"),
    ])
    func anAddress(_ text: String, _ authority: String, _ path: String) throws {
        #expect(try RequestTarget.read(text) == .absolute(authority: authority, path: path))
    }

    @Test func theServer() throws {
        #expect(try RequestTarget.read("*") == .asterisk)
    }

    @Test(arguments: [
        "", "healthz", "ws://localhost/", "wss://localhost/", "foo:", "http:", "http:/a", "http:///a", "http://?a",
        "localhost:80", "**", "/a#b", "/a b", "/\u{E9}", "/a\u{7F}", "/a\0", "http://localhost#@evil/", "\\\\evil\\a",
    ])
    func noTarget(_ text: String) {
        #expect(status(text) == 400)
    }

    @Test(arguments: ["//a", "///", "/a//b", "/a/", "/.", "/..", "/a/../b", "/a/./b", "http://localhost//a"])
    func aPathThatIsReadInTwoWays(_ text: String) {
        #expect(status(text) == 404)
    }

    private func status(_ text: String) -> UInt? {
        do throws(RequestFault) {
            _ = try RequestTarget.read(text)
            return nil
        } catch {
            return error.status.code
        }
    }
}
