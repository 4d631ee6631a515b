/// Why a request is refused before anything is done: an HTTP status and a sentence.
struct AccessRefusal: Error, Hashable {
    let status: Int
    let message: String
    /// To be waited before it is given, to slow down guessing.
    var delay: Duration = .zero
}

/// Under which names the server is reached, and by whose pages. The same for every HTTP route and for the WebSocket's
/// upgrade.
public struct OriginPolicy: Sendable {
    let hosts: HostNames
    /// `PUBLIC_URL` as an origin, when the server is reached under another name than its own.
    let publicOrigin: String?
    /// How browsers reach the server by its own name: `https` when it has a certificate.
    let scheme: String

    public init(hosts: HostNames, publicOrigin: String?, hasTLS: Bool) {
        self.hosts = hosts
        self.publicOrigin = publicOrigin
        scheme = hasTLS ? "https" : "http"
    }

    /// Host and Origin, which even the open routes ask for: a page of another origin must not reach the server at
    /// all (CVE-2024-28179), and a name that is not the server's own means DNS rebinding.
    func checkOrigin(_ credentials: RequestCredentials) throws(AccessRefusal) {
        guard let host = credentials.host, hosts.include(host) else {
            throw AccessRefusal(
                status: 403,
                message:
                    "This server does not answer to the host \"\(credentials.host ?? "")\". Add it to ALLOWED_HOSTS.")
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
