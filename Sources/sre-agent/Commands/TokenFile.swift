import ConnectorState
import Glibc

/// Reads a client's access token. The token is never on the command line, which other users can see.
enum TokenFile {
    private static let longest = 4_096

    /// The token from the file if one is given, otherwise from the variable, otherwise nil. Throws a
    /// ``ConnectorResult`` for an unusable token.
    static func token(file: String?, variable: String?) throws(ConnectorResult) -> BearerToken? {
        if let file {
            guard let token = BearerToken(try read(file)) else {
                throw ConnectorResult(.usage, "The token file \(file) does not contain an access token.")
            }
            return token
        }
        guard let variable, !variable.isEmpty else { return nil }
        guard let token = BearerToken(variable) else {
            throw ConnectorResult(.usage, "SRE_AGENT_TOKEN is not an access token.")
        }
        return token
    }

    private static func read(_ path: String) throws(ConnectorResult) -> String {
        func fault(_ what: String) -> ConnectorResult { ConnectorResult(.usage, "The token file \(path) \(what)") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("cannot be read: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var status = stat()
        // Group access is allowed, because systemd and Kubernetes may provide secrets that way; access by others is
        // not.
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o027 == 0 || status.st_mode & S_IFMT != S_IFREG else {
            throw fault("is readable by all users or writable by others: run chmod 600 and create another token.")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: longest)
        while bytes.count <= longest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault("cannot be read: \(String(cString: strerror(errno))).") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        throw fault("is longer than a token.")
    }
}
