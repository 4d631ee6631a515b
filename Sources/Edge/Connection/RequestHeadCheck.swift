import NIOHTTP1

/// Checks the head of a request before any handler acts on it, and rejects heads that two parsers could read
/// differently.
enum RequestHeadCheck {
    /// Headers that may occur once (RFC 9110 sections 5.3, 7.2, 11.6.2, RFC 6454 section 7.3, RFC 6455 section 11.3).
    /// `Cookie` is not among them: HTTP/2 may split it, and the server reads every part (RFC 9113 section 8.2.3).
    private static let single = [
        "Host", "Origin", "Authorization", RequestCredentials.pageKeyName, "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    ]
    private static let methods = "GET, HEAD, POST"

    /// Returns the head as the routes expect it: the target is a path, and Host names the host.
    static func read(_ head: HTTPRequestHead) throws(RequestFault) -> HTTPRequestHead {
        var head = head
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw RequestFault(status: .httpVersionNotSupported, message: "This server speaks HTTP/1.1.")
        }
        for name in single where head.headers[name].count > 1 {
            throw .bad("The request has more than one \(name) header.")
        }
        guard head.version == .http1_0 || head.headers.contains(name: "Host") else {
            throw .bad("The request has no Host header.")
        }
        guard head.method != .CONNECT, head.method != .TRACE else { throw notAllowed(methods) }
        switch try RequestTarget.read(head.uri) {
        case .origin: break
        case .absolute(let authority, let path):
            head.uri = path
            head.headers.replaceOrAdd(name: "Host", value: authority)
        case .asterisk:
            guard head.method == .OPTIONS else { throw .bad("The target * is for OPTIONS.") }
            throw notAllowed(methods)
        }
        try checkBody(head)
        try checkUpgrade(head)
        return head
    }

    /// Whether a body follows.
    static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "Transfer-Encoding") || (length(head) ?? 0) > 0
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version == .http1_1 && head.headers.contains(name: "Expect") && hasBody(head)
    }

    private static func length(_ head: HTTPRequestHead) -> Int? {
        head.headers.first(name: "Content-Length").flatMap { Int($0) }
    }

    /// RFC 9112 section 6.1: chunked is the only transfer coding supported here, and HTTP/1.0 has none.
    private static func checkBody(_ head: HTTPRequestHead) throws(RequestFault) {
        let codings = head.headers[canonicalForm: "Transfer-Encoding"].map { $0.lowercased() }
        if let other = codings.first(where: { $0 != "chunked" }) {
            throw RequestFault(
                status: .notImplemented, message: "The transfer coding \"\(other.prefix(40))\" is not known here.")
        }
        let isCoded = head.headers.contains(name: "Transfer-Encoding")
        guard !isCoded || (codings.count == 1 && head.version == .http1_1) else {
            throw .bad("The length of the body is unknown: Transfer-Encoding must be one \"chunked\", in HTTP/1.1.")
        }
        if let length = length(head), length > RequestGuard.maximumBodySize { throw .tooLarge }
        let expectations = head.headers[canonicalForm: "Expect"]
        guard head.version == .http1_0 || expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw RequestFault(status: .expectationFailed, message: "Only 100-continue can be expected of this server.")
        }
    }

    /// RFC 6455 section 4.1: an upgrade needs GET, HTTP/1.1 and no body.
    private static func checkUpgrade(_ head: HTTPRequestHead) throws(RequestFault) {
        guard head.headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" }) else { return }
        guard head.method == .GET else { throw notAllowed("GET") }
        guard head.version == .http1_1, !hasBody(head) else {
            throw .bad("A WebSocket is opened by GET in HTTP/1.1, without a body.")
        }
    }

    private static func notAllowed(_ methods: String) -> RequestFault {
        RequestFault(status: .methodNotAllowed, message: "This is for \(methods).", allow: methods)
    }
}
