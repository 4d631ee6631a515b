import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sends bytes to a loopback port and reads until the other side closes, so that tests see the server's exact bytes.
struct LoopbackClient {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    let port: UInt16

    /// Closes the connection after reading `mark`, like an impatient client.
    func exchange(_ request: String, until mark: String? = nil) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // Blocking calls must not run on the shared threads of tasks; a separate queue has its own thread.
            DispatchQueue(label: "LoopbackClient").async {
                continuation.resume(with: Result { try blockingExchange(request, until: mark) })
            }
        }
    }

    private func blockingExchange(_ request: String, until mark: String?) throws -> String {
        #if canImport(Darwin)
            let type = SOCK_STREAM
        #else
            let type = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(call: "connect", code: errno) }
        let bytes = Array(request.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(call: "write", code: errno) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Failure(call: "read", code: errno) }
            answer += chunk[..<count]
            let text = String(decoding: answer, as: UTF8.self)
            if count == 0 || mark.map(text.contains) == true { return text }
        }
    }
}
