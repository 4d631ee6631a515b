import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// In bytes.
    public static let length = 32

    public static func hash(_ text: [UInt8]) -> [UInt8] { text.withUnsafeBytes { hash([], followedBy: $0) } }

    /// The hash of two texts, one after the other, so that the second one need not be copied.
    public static func hash(_ first: [UInt8], followedBy second: UnsafeRawBufferPointer) -> [UInt8] {
        digest { digest in
            openssl_sha256(first, first.count, second.bytes, second.count, digest)
        }
    }
}

/// Proves that a text comes from a holder of the key: HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    public static func authenticationCode(of text: [UInt8], key: [UInt8]) -> [UInt8] {
        digest { openssl_hmac_sha256(key, key.count, text, text.count, $0) }
    }

    /// A key of 32 bytes for one use, derived from a secret (HKDF, RFC 5869, without salt).
    public static func derivedKey(from secret: [UInt8], use: String) -> [UInt8] {
        let extracted = authenticationCode(of: secret, key: [])
        return authenticationCode(of: Array(use.utf8) + [1], key: extracted)
    }
}

/// Fails if OpenSSL does: without hashes, nobody is authenticated and nothing is recorded.
private func digest(_ write: (UnsafeMutablePointer<UInt8>) -> Bool) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: SHA256.length) { digest, count in
        guard let start = digest.baseAddress, write(start) else { fatalError("OpenSSL cannot compute SHA-256.") }
        count = SHA256.length
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var bytes: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
