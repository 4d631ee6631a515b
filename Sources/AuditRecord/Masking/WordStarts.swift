/// The beginnings of known words: their first two bytes, and their second and third.
struct WordStarts: Sendable {
    private var pairs: BytePairs
    private var seconds = BytePairs()

    init() { pairs = BytePairs() }

    /// Inserts the beginning of `text`; with `anyCase` also in capitals, where `text` is in lower case. A `text` of two
    /// bytes must be followed by a byte in `next`.
    mutating func insert(_ text: some Collection<UInt8>, anyCase: Bool = false, next: ByteClass = .any) {
        pairs.insert(startOf: text, anyCase: anyCase)
        let rest = Array(text.dropFirst().prefix(2))
        if rest.count == 2 { return seconds.insert(startOf: rest, anyCase: anyCase) }
        for byte in UInt8(0)..<128 where byte.isIn(next) { seconds.insert(startOf: [rest[0], byte], anyCase: anyCase) }
    }

    /// Whether such a word may start at `position`; `first` and `second` are the bytes there.
    @inline(__always)
    func contains(_ first: UInt8, _ second: UInt8, in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        pairs.contains(first, second) && position + 2 < bytes.count && seconds.contains(second, bytes[position + 2])
    }
}
