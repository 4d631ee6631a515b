@testable import Edge
import Glibc
import NIOCore
import Testing

/// Finds the user at the other end of a connection in the kernel's own table.
@Suite struct PeerUserTests {
    @Test func aConnectionOfOurOwnIsOurs() throws {
        try Connection.with { connection in
            #expect(PeerUser.isOwn(peer: connection.client, local: connection.server))
        }
    }

    /// A server that listens on :: sees IPv4 peers as ::ffff: addresses.
    @Test func soIsOneThatIsSeenBehindAnIPv6Address() throws {
        try Connection.with { connection in
            let peer = try SocketAddress(ipAddress: "::ffff:127.0.0.1", port: connection.client.port ?? 0)
            let local = try SocketAddress(ipAddress: "::ffff:127.0.0.1", port: connection.server.port ?? 0)
            #expect(PeerUser.isOwn(peer: peer, local: local))
        }
    }

    @Test func anEndThatDoesNotExistIsNobodys() throws {
        try Connection.with { connection in
            let (client, server) = (connection.client, connection.server)
            #expect(!PeerUser.isOwn(peer: server, local: server))
            #expect(!PeerUser.isOwn(peer: client, local: client))
            let otherPort = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
            #expect(!PeerUser.isOwn(peer: client, local: otherPort))
            let otherAddress = try SocketAddress(ipAddress: "127.0.0.2", port: server.port ?? 0)
            #expect(!PeerUser.isOwn(peer: client, local: otherAddress))
            #expect(!PeerUser.isOwn(peer: nil, local: server))
            #expect(!PeerUser.isOwn(peer: client, local: nil))
        }
    }

    @Test(arguments: ["10.0.0.7", "192.168.1.1", "::2", "fe80::1", "0.0.0.0", "128.0.0.1"])
    func anAddressThatIsNotLoopbackIsNeverOurs(_ address: String) throws {
        try Connection.with { connection in
            let peer = try SocketAddress(ipAddress: address, port: connection.client.port ?? 0)
            #expect(!PeerUser.isOwn(peer: peer, local: connection.server))
        }
    }

    @Test func aUnixSocketIsNotLoopback() throws {
        let address = try SocketAddress(unixDomainSocketPath: "/x")
        #expect(!PeerUser.isOwn(peer: address, local: address))
    }
}

/// Both ends of a TCP connection on loopback, in this process.
private struct Connection {
    struct Failed: Error {}

    let client: SocketAddress
    let server: SocketAddress

    /// The connection is open while `body` runs.
    static func with(_ body: (Connection) throws -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { [listener, client].forEach { close($0) } }
        var address = Address()
        guard address.with({ bind(listener, $0, $1) }) == 0, listen(listener, 1) == 0 else { throw Failed() }
        address.port = try port(listener)
        guard address.with({ connect(client, $0, $1) }) == 0 else { throw Failed() }
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { throw Failed() }
        defer { close(accepted) }
        try body(
            Connection(
                client: SocketAddress(ipAddress: "127.0.0.1", port: port(client)),
                server: SocketAddress(ipAddress: "127.0.0.1", port: port(accepted))))
    }

    private static func port(_ descriptor: Int32) throws -> Int {
        var address = Address()
        guard address.with({ getsockname(descriptor, $0, &$1) }) == 0 else { throw Failed() }
        return address.port
    }
}

/// The bytes of a `sockaddr_in` for 127.0.0.1.
private struct Address {
    private var bytes: [UInt8] = [UInt8(AF_INET), 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]

    var port: Int {
        get { Int(bytes[2]) << 8 | Int(bytes[3]) }
        set { (bytes[2], bytes[3]) = (UInt8(newValue >> 8), UInt8(newValue & 0xFF)) }
    }

    mutating func with(_ body: (UnsafeMutablePointer<sockaddr>?, inout socklen_t) -> Int32) -> Int32 {
        var length = socklen_t(bytes.count)
        return bytes.withUnsafeMutableBytes {
            body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
    }
}
