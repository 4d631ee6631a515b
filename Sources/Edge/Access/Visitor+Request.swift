import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension Visitor {
    /// Headers by which proxies say that they stand between.
    static let forwardingHeaders = [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Via",
    ]

    init(_ head: HTTPRequestHead, channel: any Channel) {
        self.init(channel: channel)
        host = head.headers.first(name: "Host")
        origin = head.headers.first(name: "Origin")
        authorization = head.headers.first(name: "Authorization")
        cookie = head.headers.first(name: "Cookie")
        isForwarded = Self.forwardingHeaders.contains { head.headers.contains(name: $0) }
    }

    init(_ request: Request, channel: any Channel) {
        self.init(channel: channel)
        host = request.head.authority
        origin = request.headers[.origin]
        authorization = request.headers[.authorization]
        cookie = request.headers[.cookie]
        isForwarded = Self.forwardingHeaders.contains { name in
            HTTPField.Name(name).map { request.headers.contains($0) } ?? false
        }
    }

    private init(channel: any Channel) {
        self.init()
        let (peer, local) = (channel.remoteAddress, channel.localAddress)
        isSameUser = { PeerUser.isOwn(peer: peer, local: local) }
        address = channel.remoteAddress?.ipAddress ?? ""
    }
}
