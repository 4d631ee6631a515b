import NIOSSL
import Synchronization

/// The server's certificate. Replaced while the server runs if its files change; new connections use the new one.
public final class TLS: Sendable {
    private let current: Mutex<NIOSSLContext>
    private let certificate: String
    private let key: String

    /// PEM files: the certificate with its chain, and its key. Throws if they cannot be used.
    public init(certificate: String, key: String) throws {
        self.certificate = certificate
        self.key = key
        current = Mutex(try Self.context(certificate, key))
    }

    /// Reads the files again. If they cannot be used, throws and keeps the old certificate.
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
