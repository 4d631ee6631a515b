import Glibc

/// Stores a port between starts of the server.
struct PortFile {
    let path: String

    /// nil if no port is stored.
    var port: Int? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? Int(String(decoding: bytes[..<count], as: UTF8.self)) : nil
    }

    func remember(_ port: Int) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array("\(port)".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
