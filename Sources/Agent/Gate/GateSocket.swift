import Glibc

/// The gate's socket, as the processes see it that codex starts: a question of one line, an answer of one line.
/// Blocks, without anything of NIO: codex waits for each of these processes.
enum GateSocket {
    enum Failure: Error { case notThere, wentAway }

    /// What the server answers; empty when it has closed the socket without an answer.
    static func ask(_ question: [UInt8], at path: String) throws(Failure) -> [UInt8] {
        let descriptor = connect(path)
        guard descriptor >= 0 else { throw .notThere }
        defer { close(descriptor) }
        // The server reads up to the first line end, and JSON has none inside strings.
        let line = question.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 } + [0x0A]
        guard writeAll(descriptor, line), let answer = readAll(descriptor) else { throw .wentAway }
        return answer
    }

    private static func connect(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { close(descriptor) }
        return result == 0 ? descriptor : -1
    }

    static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes += chunk[..<count]
        }
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
