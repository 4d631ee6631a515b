import Glibc
import NIOCore

/// Finds the user that owns the other end of a loopback connection. Linux reports the owner of the peer's socket in two
/// ways: in answer to a query about that connection (``SocketOwner``), and in /proc/net/tcp and tcp6 (proc(5)), which
/// take milliseconds to read.
enum PeerUser {
    /// True only for a loopback peer whose socket belongs to the server's own user.
    static func isOwn(peer: SocketAddress?, local: SocketAddress?) -> Bool {
        guard let peer, let local, let peerKey = key(peer), let localKey = key(local), isLoopback(peer) else {
            return false
        }
        if let owner = SocketOwner.ask(socket: peer, connectedTo: local) { return owner == getuid() }
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            for row in read(table).split(separator: "\n").dropFirst() {
                let fields = row.split(separator: " ", omittingEmptySubsequences: true)
                guard fields.count > 7, matches(fields[1], peerKey), matches(fields[2], localKey) else { continue }
                return uid_t(fields[7]) == getuid()
            }
        }
        return false
    }

    private struct Key {
        /// The address as the kernel prints it: each 32-bit group in host byte order, in hexadecimal.
        let address: String
        let port: String
    }

    /// tcp6 shows an IPv4 address with the prefix `::ffff:`.
    private static func matches(_ field: Substring, _ key: Key) -> Bool {
        field.hasSuffix(":" + key.port) && field.dropLast(5).hasSuffix(key.address)
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }

    private static func key(_ address: SocketAddress) -> Key? {
        guard let port = address.port, var text = address.ipAddress else { return nil }
        if text.hasPrefix("::ffff:"), text.contains(".") { text.removeFirst("::ffff:".count) }
        var words: [UInt32]
        if text.contains(":") {
            words = [0, 0, 0, 0]
            guard inet_pton(AF_INET6, text, &words) == 1 else { return nil }
        } else {
            words = [0]
            guard inet_pton(AF_INET, text, &words) == 1 else { return nil }
        }
        return Key(address: words.map { hex($0, 8) }.joined(), port: hex(UInt32(port), 4))
    }

    private static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
