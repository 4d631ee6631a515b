import Glibc
import Relay

/// The access token, kept in `STATE_DIR/token` (0600) and made at the first start.
enum AccessTokenFile {
    static func load(stateDirectory: String) throws -> (token: String, isNew: Bool) {
        let path = "\(stateDirectory)/token"
        if let text = ProcessEnvironment.readFile(path)?.split(whereSeparator: \.isWhitespace).first {
            return (String(text), false)
        }
        let token = Hub.makeID()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // Another server made it at the same moment.
            if errno == EEXIST,
                let text = ProcessEnvironment.readFile(path)?.split(whereSeparator: \.isWhitespace).first
            {
                return (String(text), false)
            }
            throw Failure("\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        let line = Array("\(token)\n".utf8)
        guard write(descriptor, line, line.count) == line.count else { throw Failure("\(path) cannot be written.") }
        return (token, true)
    }
}
