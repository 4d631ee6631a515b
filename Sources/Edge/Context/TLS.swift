import NIOSSL
import Synchronization

/// The server's certificate. Replaced while the server runs when its files change, for connections that come then.
public final class TLS: Sendable {
    private let current: Mutex<NIOSSLContext>
    private let certificate: String
    private let key: String

    /// PEM files: the certificate with what leads to its root, and its key. Throws when they cannot be used.
    public init(certificate: String, key: String) throws {
        self.certificate = certificate
        self.key = key
        current = Mutex(try Self.context(certificate, key))
    }

    /// Reads the files again. Throws, and keeps what it had, when they cannot be used.
    public func reload() throws {
        let context = try Self.context(certificate, key)
        current.withLock { $0 = context }
    }

    var context: NIOSSLContext { current.withLock(\.self) }

    private static func context(_ certificate: String, _ key: String) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
