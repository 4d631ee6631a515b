/// A word of up to sixteen bytes in lower case, packed into an integer: comparing words builds no strings.
struct PackedWord: Sendable, Hashable, ExpressibleByStringLiteral {
    private var bits: UInt128 = 0
    /// 17 stands for any longer word, of which only the last sixteen bytes are kept; it equals no word in a list.
    private var count = 0

    static let none = PackedWord()

    init() {}

    init(stringLiteral text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
    }

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte.lowercased) }
    }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ byte: UInt8) {
        bits = bits << 8 | UInt128(byte)
        count = min(count + 1, 17)
    }

    /// Does the word end with `end`, or equal it? `end` has fewer than sixteen bytes.
    func ends(with end: PackedWord) -> Bool {
        count >= end.count && bits & (1 << UInt128(8 * end.count) - 1) == end.bits
    }

    /// A hash, for ``WordTable``.
    var spread: Int {
        let folded = UInt64(truncatingIfNeeded: bits) ^ UInt64(truncatingIfNeeded: bits >> 64) &* 31 ^ UInt64(count)
        return Int(truncatingIfNeeded: folded &* 0x9E37_79B9_7F4A_7C15 >> 40)
    }

    /// The last byte is a digit: `password1`.
    private var endsWithDigit: Bool { UInt8(truncatingIfNeeded: bits).isIn(.digit) }

    /// `password` for `password1`; an empty word for `1`.
    var withoutNumber: PackedWord {
        guard count <= 16 else { return self }
        var word = self
        while word.count > 0, word.endsWithDigit {
            word.bits >>= 8
            word.count -= 1
        }
        return word
    }

    /// This word followed directly by `other`.
    func joined(_ other: PackedWord) -> PackedWord {
        guard count + other.count <= 16, other.count < 16 else { return count == 0 ? other : PackedWord.tooLong }
        var joined = self
        joined.bits = bits << UInt128(8 * other.count) | other.bits
        joined.count += other.count
        return joined
    }

    private static let tooLong: PackedWord = {
        var word = PackedWord()
        word.count = 17
        return word
    }()
}
