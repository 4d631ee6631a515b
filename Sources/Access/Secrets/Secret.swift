/// What somebody shows to be let in: tokens, cookies, tickets.
enum Secret {
    /// Longer ones are refused unhashed, in bytes. Ours are 47 or 43 long; a token of an older version may be any text.
    static let maximumLength = 512
    /// So that scanners for leaked secrets can know a token by its shape.
    static let tokenPrefix = "sre_"
    private static let randomBytes = 32
    /// 32 bytes in base64url without padding.
    private static let textLength = 43

    /// 256 random bits from the kernel, as 43 characters of base64url (RFC 4648 section 5): fit for a header, a cookie
    /// and a URL.
    static func make() -> String { base64url(randomBytes(randomBytes)) }

    static func makeToken() -> String { tokenPrefix + make() }

    /// Of `bytes` random bytes, two lower-case digits each. Names something; is no secret.
    static func makeID(bytes: Int) -> String { Hex.text(randomBytes(bytes)) }

    /// Made by us, so of 256 random bits: nobody ever guesses one.
    static func isTokenOfOurs(_ text: String) -> Bool {
        text.utf8.count == tokenPrefix.utf8.count + textLength && text.hasPrefix(tokenPrefix)
            && text.utf8.dropFirst(tokenPrefix.utf8.count).allSatisfy(alphabet.contains)
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
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
