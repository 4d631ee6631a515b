/// A refused request: an HTTP status and a sentence that explains it.
struct AccessRefusal: Error, Hashable {
    let status: Int
    let message: String
    /// How long to hold back the refusal, to slow down guessing.
    var delay: Duration = .zero
}

/// The host names and page origins that the server accepts, on every HTTP route and for the WebSocket upgrade.
public struct OriginPolicy: Sendable {
    let hosts: HostNames
    /// `PUBLIC_URL` as an origin, if browsers reach the server under a name other than its own.
    let publicOrigin: String?
    /// The scheme for the server's own name: `https` if it has a certificate.
    let scheme: String

    public init(hosts: HostNames, publicOrigin: String?, hasTLS: Bool) {
        self.hosts = hosts
        self.publicOrigin = publicOrigin
        scheme = hasTLS ? "https" : "http"
    }

    /// Checks Host and Origin, even on the open routes. A page of another origin must not reach the server at all
    /// (CVE-2024-28179), and a foreign host name means DNS rebinding.
    func checkOrigin(_ credentials: RequestCredentials) throws(AccessRefusal) {
        guard let host = credentials.host, hosts.include(host) else {
            throw AccessRefusal(
                status: 403,
                message:
                    "This server does not answer to the host \"\((credentials.host ?? "").prefix(200))\". Add it to ALLOWED_HOSTS."
            )
        }
        guard let origin = credentials.origin else { return }
        guard origin == publicOrigin || origin == "\(scheme)://\(host)" else {
            if scheme == "http", origin == "https://\(host)" {
                throw AccessRefusal(
                    status: 403,
                    message: "A page from \(origin.prefix(200)) may not use this server, which has no TLS of its own. "
                        + "If a proxy has it, set PUBLIC_URL=\(origin.prefix(200)).")
            }
            throw AccessRefusal(status: 403, message: "A page from \(origin.prefix(200)) may not use this server.")
        }
    }
}
