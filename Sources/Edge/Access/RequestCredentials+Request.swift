import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension RequestCredentials {
    /// The headers that proxies add: those of RFC 7239 and RFC 9110, and what nginx, HAProxy, Cloudflare, Akamai, Fastly,
    /// Fly.io, Tailscale and authenticating proxies send.
    static let forwardingHeaders = [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
        "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-User", "X-Forwarded-Email",
        "X-Forwarded-Preferred-Username", "X-Real-IP", "X-Original-Forwarded-For", "X-Original-Host", "X-Client-IP",
        "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "CF-Ray", "Fastly-Client-IP", "Fly-Client-IP",
        "Fly-Forwarded-Port", "Tailscale-User-Login", "X-Remote-User", "Remote-User", "X-Auth-Request-User",
    ]

    init(_ head: HTTPRequestHead, channel: any Channel) {
        let headers = head.headers
        self.init(channel: channel) { headers[$0] }
        host = values("Host").first
    }

    init(_ request: Request, channel: any Channel) {
        let headers = request.headers
        self.init(channel: channel) { name in
            HTTPField.Name(name).map { headers[values: $0] } ?? []
        }
        host = request.head.authority
    }

    private init(channel: any Channel, values: @escaping @Sendable (String) -> [String]) {
        self.init()
        let (peer, local) = (channel.remoteAddress, channel.localAddress)
        isSameUser = { PeerUser.isOwn(peer: peer, local: local) }
        self.peer = peer?.ipAddress ?? ""
        self.values = values
        origin = values("Origin").first
        authorization = values("Authorization").first
        // HTTP/2 may split the header; joining restores the value (RFC 9113 section 8.2.3).
        cookie = values("Cookie").isEmpty ? nil : values("Cookie").joined(separator: "; ")
        pageKeyHeader = values(Self.pageKeyName).first
        subprotocols = Self.list(values("Sec-WebSocket-Protocol"))
        userAgent = values("User-Agent").first
        isForwarded = Self.forwardingHeaders.contains { !values($0).isEmpty }
        forwardedFor = Self.list(values("X-Forwarded-For"))
    }

    /// The members of a list-valued header (RFC 9110 section 5.6.1), across all its lines.
    private static func list(_ lines: [String]) -> [String] {
        lines.flatMap { $0.split(separator: ",") }
            .map { String($0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }) }
    }
}
