import Access

/// What a request shows before it is authenticated. No NIO here: the decision is tested without sockets.
struct RequestCredentials: Sendable {
    var host: String?
    var origin: String?
    var authorization: String?
    var cookie: String?
    /// The value of ``pageKeyHeader``.
    var pageKeyHeader: String?
    /// What `Sec-WebSocket-Protocol` offers.
    var subprotocols: [String] = []
    var userAgent: String?
    /// Some proxy says that the request came from elsewhere.
    var isForwarded = false
    /// The addresses of `X-Forwarded-For`, the nearest proxy's word last.
    var forwardedFor: [String] = []
    /// All values of a header.
    var values: @Sendable (String) -> [String] = { _ in [] }
    /// Does the request come from this machine and from a process of the server's own user? Asks the kernel, so it is
    /// only called where the answer matters.
    var isSameUser: @Sendable () -> Bool = { false }
    /// The peer's IP address.
    var peer = ""
}

extension RequestCredentials {
    /// The name of the cookie that a signed-in page carries.
    static let cookieName = "sre-agent-session"
    /// The header of the page key, beside the cookie.
    static let pageKeyName = "SRE-Page-Key"
    /// The subprotocol that the page's sockets speak. Browsers want an offered one to be chosen.
    static let subprotocol = "sre-agent"
    /// A browser's WebSocket can send no header of the page's but `Sec-WebSocket-Protocol`, so the page key is offered as
    /// a second subprotocol. It is never chosen.
    static let pageKeySubprotocol = "sre-agent-page-key."

    var pageKey: String? {
        pageKeyHeader
            ?? subprotocols.first { $0.hasPrefix(Self.pageKeySubprotocol) }
            .map { String($0.dropFirst(Self.pageKeySubprotocol.count)) }
    }

    /// Cookie and page key. Nil when one of them is missing.
    var loginSecrets: LoginSecrets? {
        guard let sessionCookie, let pageKey else { return nil }
        return LoginSecrets(cookie: sessionCookie, pageKey: pageKey)
    }

    /// Any other scheme than Bearer is no token of ours, and no reason to look at the cookie.
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
