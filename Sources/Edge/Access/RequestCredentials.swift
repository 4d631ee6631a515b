import Access

/// What a request presents before it is authenticated. No NIO here, so tests need no sockets.
struct RequestCredentials: Sendable {
    var host: String?
    var origin: String?
    var authorization: String?
    var cookie: String?
    /// The value of the ``pageKeyName`` header.
    var pageKeyHeader: String?
    /// The subprotocols that `Sec-WebSocket-Protocol` offers.
    var subprotocols: [String] = []
    var userAgent: String?
    /// A header says that a proxy forwarded the request.
    var isForwarded = false
    /// The addresses in `X-Forwarded-For`. The nearest proxy's entry is last.
    var forwardedFor: [String] = []
    /// All values of a header.
    var values: @Sendable (String) -> [String] = { _ in [] }
    /// Whether the request comes from this machine and from a process of the server's own user. Asks the kernel, so
    /// call it only where the answer matters.
    var isSameUser: @Sendable () -> Bool = { false }
    /// The peer's IP address.
    var peer = ""
}

extension RequestCredentials {
    /// The name of the session cookie of a signed-in page.
    static let cookieName = "sre-agent-session"
    /// The header that carries the page key, sent along with the cookie.
    static let pageKeyName = "SRE-Page-Key"
    /// The subprotocol of the page's sockets. Browsers require the server to choose an offered subprotocol.
    static let subprotocol = "sre-agent"
    /// The only header that a page can set on a browser's WebSocket is `Sec-WebSocket-Protocol`, so the page offers its
    /// page key as a second subprotocol. The server never chooses it.
    static let pageKeySubprotocol = "sre-agent-page-key."

    var pageKey: String? {
        pageKeyHeader
            ?? subprotocols.first { $0.hasPrefix(Self.pageKeySubprotocol) }
            .map { String($0.dropFirst(Self.pageKeySubprotocol.count)) }
    }

    /// Cookie and page key, or nil if either is missing.
    var loginSecrets: LoginSecrets? {
        guard let sessionCookie, let pageKey else { return nil }
        return LoginSecrets(cookie: sessionCookie, pageKey: pageKey)
    }

    /// The token of the Bearer scheme. Other schemes count as no token, and the cookie still applies.
    var bearerToken: String? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    var sessionCookie: String? {
        for part in (cookie ?? "").split(separator: ";") {
            let pair = part.drop(while: { $0 == " " }).split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == Self.cookieName { return String(pair[1]) }
        }
        return nil
    }
}
