import Session

/// What the door knows of a request before it answers it. No NIO here: the decision is tested without sockets.
struct Visitor: Sendable {
    var host: String?
    var origin: String?
    var authorization: String?
    var cookie: String?
    /// Some proxy says that the request came from elsewhere.
    var isForwarded = false
    /// Does the request come from this machine and from a process of the server's own user? Asks the kernel, so it is
    /// only called where the answer matters.
    var isSameUser: @Sendable () -> Bool = { false }
    /// The peer's IP address, to slow down guessing.
    var address = ""
}

/// Who may come in. The same for every HTTP route and for the WebSocket's upgrade.
public struct Door: Sendable {
    /// A refusal before anything is done: an HTTP status and a sentence.
    struct Refusal: Error, Hashable {
        let status: Int
        let message: String
    }

    let hosts: HostNames
    /// `PUBLIC_URL` as an origin, when the server is reached under another name than its own.
    let publicOrigin: String?
    let token: AccessToken

    public init(hosts: HostNames, publicOrigin: String?, token: AccessToken) {
        self.hosts = hosts
        self.publicOrigin = publicOrigin
        self.token = token
    }

    /// Host and Origin, which even the open routes ask for: a page of another origin must not reach the server at
    /// all (CVE-2024-28179), and a name that is not the server's own means DNS rebinding.
    func checkOrigin(_ visitor: Visitor) throws(Refusal) {
        guard let host = visitor.host, hosts.include(host) else {
            throw Refusal(
                status: 403,
                message: "This server does not answer to the host \"\(visitor.host ?? "")\". Add it to ALLOWED_HOSTS.")
        }
        guard let origin = visitor.origin else { return }
        guard origin == publicOrigin || origin == "http://\(host)" || origin == "https://\(host)" else {
            throw Refusal(status: 403, message: "A page from \(origin.prefix(200)) may not use this server.")
        }
    }

    /// `mayTrustLocal` is false while some command can reach the network: it could come in as the local user.
    func identify(_ visitor: Visitor, mayTrustLocal: Bool) throws(Refusal) -> Actor {
        let isTokenHolder = visitor.offeredToken.map(token.matches) ?? false
        if isTokenHolder { return .tokenHolder(name: "token holder") }
        // A wrong header is a mistake that must be heard of. A wrong cookie may be left from another server on this
        // machine, since cookies have no port, and must not lock the local user out.
        if visitor.bearerToken == nil, !visitor.isForwarded, mayTrustLocal, visitor.isSameUser() { return .local }
        guard visitor.offeredToken == nil else { throw Refusal(status: 401, message: "This token is not valid.") }
        throw Refusal(
            status: 401, message: "Sign in with the access token: Authorization: Bearer …, or the form of the page.")
    }
}

extension Visitor {
    /// The name of the cookie that a signed-in page carries.
    static let cookieName = "sre-agent-token"

    /// The header's before the cookie's.
    var offeredToken: String? { bearerToken ?? cookieToken }

    /// Any other scheme than Bearer is no token of ours, and no reason to look at the cookie.
    var bearerToken: String? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    private var cookieToken: String? {
        for part in (cookie ?? "").split(separator: ";") {
            let pair = part.drop(while: { $0 == " " }).split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == Self.cookieName { return String(pair[1]) }
        }
        return nil
    }
}
