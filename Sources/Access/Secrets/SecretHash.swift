import Cryptography

/// The SHA-256 of a secret. The server does not store the secret itself.
///
/// One plain hash is enough. Slow and salted hashes protect secrets that people choose, which an attacker can guess one
/// after the other. A secret of 256 random bits cannot be guessed, however fast each guess is. A token from an older
/// version may be weaker, but its plain text is in the same directory anyway, as before.
struct SecretHash: Sendable, Hashable {
    /// Four words rather than bytes, so that a comparison needs no loop and no allocation.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Nil for a secret that is empty or longer than ``Secret/maximumLength``, without hashing it.
    init?(of secret: String) {
        guard !secret.isEmpty, secret.utf8.count <= Secret.maximumLength else { return nil }
        words = SHA256.hash(Array(secret.utf8)).withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// 64 lower-case hexadecimal digits.
    init?(hex text: String) {
        guard let bytes = Hex.bytes(text), bytes.count == 32 else { return nil }
        words = bytes.withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
            return (word(0), word(1), word(2), word(3))
        }
    }

    var hex: String {
        var bytes: [UInt8] = []
        for word in [words.0, words.1, words.2, words.3] { withUnsafeBytes(of: word) { bytes += $0 } }
        return Hex.text(bytes)
    }

    /// Compares in constant time.
    func isSame(as other: SecretHash) -> Bool {
        let difference =
            (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2)
            | (words.3 ^ other.words.3)
        return difference == 0
    }

    static func == (left: SecretHash, right: SecretHash) -> Bool { left.isSame(as: right) }

    /// The time of a dictionary look-up reveals something about hashes, but never about a secret: a client cannot
    /// choose the hash of the secret it sends.
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
