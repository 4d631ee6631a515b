import AuditRecord
import Cryptography
import Foundation

/// The log's Ed25519 key pair (RFC 8032). A holder of the private key can write another record that verifies.
struct SigningKey: Sendable {
    private let privateKey: Ed25519PrivateKey

    init() throws { privateKey = try Ed25519PrivateKey() }

    var publicKey: PublicKey { PublicKey(key: privateKey.publicKey) }

    func sign(_ text: [UInt8]) throws -> [UInt8] { try privateKey.signature(of: text) }

    /// The key of the tags that replace masked secrets. It is itself secret: a bare hash of a short password can be
    /// guessed by trying.
    func maskingKey() -> [UInt8] { HMACSHA256.derivedKey(from: privateKey.seed, use: "sre-agent.audit.mask.v1") }

    struct PublicKey: Sendable {
        fileprivate let key: Ed25519PublicKey

        func verifies(_ signature: [UInt8], of text: [UInt8]) -> Bool { key.verifies(signature, of: text) }
    }
}

// PEM, so that `openssl pkeyutl` can verify a signature independently (RFC 8410).
extension SigningKey {
    private static let privatePrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    init(pem: String) throws {
        guard let raw = PEM.decode(pem, label: "PRIVATE KEY", prefix: Self.privatePrefix) else {
            throw AuditFailure("The file does not hold an Ed25519 private key in PEM.")
        }
        privateKey = try Ed25519PrivateKey(seed: raw)
    }

    var pem: String {
        PEM.encode(privateKey.seed, label: "PRIVATE KEY", prefix: Self.privatePrefix)
    }
}

extension SigningKey.PublicKey {
    private static let prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    init(pem: String) throws {
        guard let raw = PEM.decode(pem, label: "PUBLIC KEY", prefix: Self.prefix) else {
            throw AuditFailure("The file does not hold an Ed25519 public key in PEM.")
        }
        key = try Ed25519PublicKey(raw)
    }

    var pem: String { PEM.encode(key.bytes, label: "PUBLIC KEY", prefix: Self.prefix) }
}

private enum PEM {
    static func encode(_ raw: [UInt8], label: String, prefix: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Data(prefix + raw).base64EncodedString())\n-----END \(label)-----\n"
    }

    static func decode(_ text: String, label: String, prefix: [UInt8]) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----",
            let bytes = Data(base64Encoded: lines.dropFirst().dropLast().joined()), bytes.count == prefix.count + 32,
            bytes.starts(with: prefix)
        else { return nil }
        return Array(bytes.dropFirst(prefix.count))
    }
}
