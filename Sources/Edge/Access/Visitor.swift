/// What the door knows of a request before it answers it. No NIO here: the decision is tested without sockets.
struct Visitor: Sendable {
    var host: String?
    var origin: String?
    var authorization: String?
    var cookie: String?
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

extension Visitor {
    /// The name of the cookie that a signed-in page carries.
    static let cookieName = "sre-agent-session"

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
