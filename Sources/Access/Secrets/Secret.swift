import Cryptography

/// The secrets that sign a client in: tokens, cookies, tickets.
enum Secret {
    /// In bytes. Longer secrets are refused without hashing. The server's own have 47 or 43; an older version's token
    /// may be any text.
    static let maximumLength = 512
    /// Lets secret scanners recognize a token by its shape.
    static let tokenPrefix = "sre_"
    private static let randomBytes = 32
    /// 32 bytes in base64url without padding.
    private static let textLength = 43

    /// 256 random bits from the kernel, as 43 characters of base64url (RFC 4648 section 5), which fit in a header, a
    /// cookie and a URL.
    static func make() -> String { base64url(RandomBytes.make(randomBytes)) }

    static func makeToken() -> String { tokenPrefix + make() }

    /// An identifier of `bytes` random bytes, two lower-case digits each. Not a secret.
    static func makeID(bytes: Int) -> String { Hex.text(RandomBytes.make(bytes)) }

    /// Whether this server made the token. It then has 256 random bits and cannot be guessed.
    static func isTokenOfOurs(_ text: String) -> Bool {
        text.utf8.count == tokenPrefix.utf8.count + textLength && text.hasPrefix(tokenPrefix)
            && text.utf8.dropFirst(tokenPrefix.utf8.count).allSatisfy(alphabet.contains)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func base64url(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { output.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: output, as: UTF8.self)
    }
}
