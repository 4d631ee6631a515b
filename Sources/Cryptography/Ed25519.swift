import COpenSSL

/// OpenSSL failed, or a key has the wrong length.
public struct CryptographyError: Error, CustomStringConvertible {
    public let description: String
}

/// A key that signs (Ed25519, RFC 8032).
public struct Ed25519PrivateKey: Sendable {
    /// The 32 bytes that the key is made of (RFC 8032, section 5.1.5). Secret.
    public let seed: [UInt8]
    public let publicKey: Ed25519PublicKey

    /// A new key, from the system's random numbers.
    public init() throws { try self.init(seed: RandomBytes.make(32)) }

    /// Throws ``CryptographyError`` unless the seed has 32 bytes.
    public init(seed: [UInt8]) throws {
        guard seed.count == 32 else { throw CryptographyError(description: "An Ed25519 private key has 32 bytes.") }
        var publicKey = [UInt8](repeating: 0, count: 32)
        guard openssl_ed25519_public_key(seed, &publicKey) else {
            throw CryptographyError(description: "OpenSSL cannot use Ed25519 keys.")
        }
        self.seed = seed
        self.publicKey = try Ed25519PublicKey(publicKey)
    }

    /// Returns 64 bytes. Throws ``CryptographyError`` if OpenSSL fails.
    public func signature(of text: [UInt8]) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        guard openssl_ed25519_sign(seed, text, text.count, &signature) else {
            throw CryptographyError(description: "OpenSSL cannot sign.")
        }
        return signature
    }
}

/// A key that verifies signatures (Ed25519, RFC 8032).
public struct Ed25519PublicKey: Sendable, Equatable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Throws ``CryptographyError`` unless there are 32 bytes.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count == 32 else { throw CryptographyError(description: "An Ed25519 public key has 32 bytes.") }
        self.bytes = bytes
    }

    /// False also for a signature of another length, and if OpenSSL fails.
    public func verifies(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        openssl_ed25519_verify(bytes, text, text.count, signature, signature.count)
    }
}

public enum RandomBytes {
    /// From the system's cryptographically secure generator.
    public static func make(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }
}
