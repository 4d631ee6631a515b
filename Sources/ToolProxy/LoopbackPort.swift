import Glibc

/// A port on loopback that stays the same from one start to the next, as long as nobody else takes it.
public enum LoopbackPort {
    /// `file` remembers it.
    public static func choose(rememberedIn file: String) -> Int {
        if let kept = remembered(in: file), bound(to: kept) != nil { return kept }
        let port = bound(to: 0) ?? 0
        remember(port, in: file)
        return port
    }

    private static func remembered(in file: String) -> Int? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? Int(String(decoding: bytes[..<count], as: UTF8.self)) : nil
    }

    private static func remember(_ port: Int, in file: String) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array("\(port)".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    /// The port that a socket got; nil when it is taken.
    private static func bound(to port: Int) -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var one: Int32 = 1
                setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
                return bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        return result ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
