import Glibc
import NIOCore

/// Asks the kernel which user owns a TCP socket, over netlink (sock_diag(7), linux/inet_diag.h).
enum SocketOwner {
    private static let netlinkSockDiag: Int32 = 4
    private static let sockDiagByFamily: UInt16 = 20
    /// Offset of `idiag_uid` in the answer: a 16-byte header, then 64 bytes into `struct inet_diag_msg`.
    private static let userOffset = 16 + 64
    /// Both ports and both addresses, in `struct inet_diag_req_v2` and in `struct inet_diag_msg`.
    private static let identityInRequest = 24..<60
    private static let identityInAnswer = 20..<56
    /// `INET_DIAG_NOCOOKIE`, twice: any socket with this address.
    private static let noCookie = [UInt8](repeating: 0xFF, count: 8)

    /// Returns nil if the kernel does not know.
    static func ask(socket: SocketAddress, connectedTo other: SocketAddress) -> uid_t? {
        guard let own = endpoint(socket), let peer = endpoint(other), own.family == peer.family else { return nil }
        let descriptor = Glibc.socket(
            AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), netlinkSockDiag)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = request(own, peer)
        guard send(descriptor, request, request.count, 0) == request.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &answer, answer.count, 0)
        guard count >= userOffset + 4 else { return nil }
        // If the connection does not exist, the kernel answers for a socket listening at the first endpoint.
        guard answer[identityInAnswer].elementsEqual(request[identityInRequest]) else { return nil }
        return answer.withUnsafeBytes { bytes in
            let isAnswer = bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self) == sockDiagByFamily
            return isAnswer ? bytes.loadUnaligned(fromByteOffset: userOffset, as: UInt32.self) : nil
        }
    }

    private struct Endpoint {
        let family: UInt8
        /// Big-endian, as on the wire.
        let port: [UInt8]
        /// 16 bytes; IPv4 uses the first four.
        let address: [UInt8]
    }

    private static func endpoint(_ address: SocketAddress) -> Endpoint? {
        guard let port = address.port.flatMap(UInt16.init), var text = address.ipAddress else { return nil }
        if text.hasPrefix("::ffff:"), text.contains(".") { text.removeFirst("::ffff:".count) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let family = text.contains(":") ? AF_INET6 : AF_INET
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        return Endpoint(family: UInt8(family), port: [UInt8(port >> 8), UInt8(port & 0xFF)], address: bytes)
    }

    /// `struct nlmsghdr`, then `struct inet_diag_req_v2`.
    private static func request(_ own: Endpoint, _ peer: Endpoint) -> [UInt8] {
        let length: UInt32 = 16 + 56
        var bytes: [UInt8] = []
        func add<Value: FixedWidthInteger>(_ value: Value) { withUnsafeBytes(of: value) { bytes += $0 } }
        add(length)
        add(sockDiagByFamily)
        add(UInt16(1))  // NLM_F_REQUEST
        add(UInt32(1))
        add(UInt32(0))
        bytes += [own.family, UInt8(IPPROTO_TCP), 0, 0]
        add(UInt32.max)  // any state
        bytes += own.port + peer.port + own.address + peer.address
        add(UInt32(0))
        bytes += noCookie
        return bytes
    }
}
