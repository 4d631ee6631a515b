/// A set of byte pairs, for a quick first check: text that starts with none of them is skipped.
struct BytePairs: Sendable {
    private var bits: [UInt64] = []

    var isEmpty: Bool { bits.isEmpty }

    mutating func insert(_ first: UInt8, _ second: UInt8) {
        if isEmpty { bits = Array(repeating: 0, count: 65_536 / 64) }
        bits[Int(first) << 2 | Int(second >> 6)] |= 1 << UInt64(second & 63)
    }

    /// Inserts the first two bytes of `text`; with `anyCase` also in capitals, where `text` is in lower case.
    mutating func insert(startOf text: some Sequence<UInt8>, anyCase: Bool = false) {
        let start = Array(text.prefix(2))
        func cases(_ byte: UInt8) -> [UInt8] { anyCase && byte.isIn(.lower) ? [byte, byte & ~0x20] : [byte] }
        for first in cases(start[0]) {
            for second in cases(start[1]) { insert(first, second) }
        }
    }

    @inline(__always)
    func contains(_ first: UInt8, _ second: UInt8) -> Bool {
        !isEmpty && bits[Int(first) << 2 | Int(second >> 6)] >> UInt64(second & 63) & 1 != 0
    }
}
