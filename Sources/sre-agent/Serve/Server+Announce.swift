import Access
import Glibc
import Logging
import Settings

/// The messages that the server prints when it listens.
extension Server {
    /// Prints the address always, but the token only to a terminal.
    func announce(_ port: Int, _ tokens: Tokens) {
        let scheme = settings.tls == nil ? "http" : "https"
        print(
            "SRE Agent Server \(Version.current) at \(scheme)://localhost:\(port)\(settings.isDemo ? " (demo model)" : "")"
        )
        if let path = tokens.start?.secretPath, let secret = tokens.startSecret {
            print(
                "From other machines, sign in with "
                    + (isatty(STDOUT_FILENO) == 1 ? "this token: \(secret)" : "the token in \(path)"))
        } else {
            print("From other machines, sign in with a token: sre-agent token create --name … --role …")
        }
        fflush(nil)
        if !isSecure, !isLoopbackOnly {
            logger.warning(
                "without TLS, tokens are sent unencrypted to other machines: set TLS_CERT and TLS_KEY, or use a TLS proxy and set PUBLIC_URL=https://…"
            )
        }
    }

    static var machineName: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
