/// A kind of secret that is recognised by its prefix.
struct SecretShape: Sendable {
    let prefix: [UInt8]
    /// The minimum number of bytes after the prefix.
    let shortest: Int
    /// … and the maximum; nil: no limit.
    let longest: Int?
    let allowed: ByteClass
    let allowsDots: Bool
    /// Nothing may be joined to its front: `key-…` matches, `cache-key-…` does not.
    let standsAlone: Bool
    /// The secret may extend beyond a word: its prefix or its body has bytes that no word has.
    private let leavesWord: Bool

    /// How many bytes are inspected first; a longer secret is followed to its end once it is recognised.
    private static let glance = 256

    init(
        _ prefix: String, _ shortest: Int, _ longest: Int? = nil, _ allowed: ByteClass = .word, dots: Bool = false,
        alone: Bool = false
    ) {
        self.prefix = Array(prefix.utf8)
        self.shortest = shortest
        self.longest = longest
        self.allowed = allowed
        allowsDots = dots
        standsAlone = alone
        leavesWord =
            !allowed.isSubset(of: .word) || !dots && !self.prefix.allSatisfy { $0.isIn(.word) }
    }

    /// Positions in ``all``, by the first two bytes combined: few words start like a secret.
    private static let byStart: [UInt16: [Int]] = Dictionary(grouping: all.indices) { index in
        UInt16(all[index].prefix[0]) << 8 | UInt16(all[index].prefix[1])
    }
    /// The keys of ``byStart``, so that most words need no dictionary lookup.
    static let starts: BytePairs = {
        var starts = BytePairs()
        for shape in all { starts.insert(startOf: shape.prefix) }
        return starts
    }()

    static func candidates(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> [Int] {
        guard start + 1 < bytes.count, starts.contains(bytes[start], bytes[start + 1]) else { return [] }
        return byStart[UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])] ?? []
    }

    func begins(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard prefix.count + shortest <= bytes.count - start else { return false }
        for index in prefix.indices where bytes[start + index] != prefix[index] { return false }
        return !standsAlone || start == 0 || !bytes[start - 1].isIn(.joint)
    }

    /// The end of the secret whose prefix starts at `start`; nil if it is too short, too long or made of words.
    func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, within span: WordSpan) -> Int? {
        let body = start + prefix.count
        if leavesWord { return end(in: bytes, from: body) }
        var end = span.end
        if allowed != .word {
            end = body
            while end < span.end, bytes[end].isIn(allowed) { end += 1 }
            // The secret must end where the word ends.
            if end < bytes.count, bytes[end].isIn(.alphanumeric) { return nil }
        }
        while end > body, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end - body >= shortest, end - body <= longest ?? .max, span.looksRandom(from: body) else { return nil }
        return end
    }

    private func end(in bytes: UnsafeBufferPointer<UInt8>, from body: Int) -> Int? {
        var end = body
        while end < bytes.count, end - body < Self.glance, bytes[end].isIn(allowed) { end += 1 }
        let glance = Slice(base: bytes, bounds: body..<end)
        guard end - body >= shortest, glance.contains(where: { $0.isIn(.digit) }) || SecretValue.hasMixedCase(glance)
        else { return nil }
        while end < bytes.count, bytes[end].isIn(allowed) { end += 1 }
        return end - body <= longest ?? .max ? end : nil
    }
}
