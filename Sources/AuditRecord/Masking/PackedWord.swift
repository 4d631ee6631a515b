/// A word of up to sixteen bytes in small letters, packed into an integer: compared without being made a string.
struct PackedWord: Sendable, Hashable, ExpressibleByStringLiteral {
    private var bits: UInt128 = 0
    /// 17 stands for any longer word; it equals none that is in a list.
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
        guard count < 16 else {
            count = 17
            return
        }
        bits = bits << 8 | UInt128(byte)
        count += 1
    }

    /// This word and `other` without anything between them.
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
