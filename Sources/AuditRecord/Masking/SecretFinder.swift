/// Finds the secrets of a text, both as written and as shells read it.
struct SecretFinder {
    let known: KnownSecrets

    /// Sorted, not overlapping, not empty. `isCommand`: a shell runs the text, so nothing that it would run may be taken
    /// for a secret.
    func secrets(in bytes: UnsafeBufferPointer<UInt8>, isCommand: Bool) -> [Range<Int>] {
        secrets(in: bytes, isCommand ? CommandLayout(of: bytes) : nil, depth: 0)
    }

    private func secrets(
        in bytes: UnsafeBufferPointer<UInt8>, _ layout: CommandLayout?, depth: Int
    ) -> [Range<Int>] {
        var scanner = SecretScanner(bytes, known: known, layout)
        var secrets = scanner.scan()
        guard depth < ShellReading.deepest else { return secrets }
        // Nested scripts may appear in either reading.
        let deepest = bytes.count <= Self.longestCommand ? ShellReading.deepest : Self.deepestOfLongText
        let words = depth < deepest ? ShellReading(wordsOf: bytes) : nil
        for reading in [ShellReading(bytes), words].compactMap(\.self) {
            let inner = layout.map { CommandLayout($0, in: reading) }
            let others = reading.bytes.withUnsafeBufferPointer { self.secrets(in: $0, inner, depth: depth + 1) }
            if !others.isEmpty { secrets = Self.union(secrets, reading.original(others, in: bytes)) }
        }
        return secrets
    }

    /// Linux accepts no longer argument (`MAX_ARG_STRLEN`), so no shell receives a longer script.
    private static let longestCommand = 131_072
    /// Down to this depth, longer texts are also read word by word: each level doubles the readings.
    private static let deepestOfLongText = 2

    /// Both lists are sorted; overlapping ranges are merged.
    static func union(_ one: [Range<Int>], _ other: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        joined.reserveCapacity(one.count + other.count)
        var first = one[...], second = other[...]
        while let next = (first.first?.lowerBound ?? .max) <= (second.first?.lowerBound ?? .max)
            ? first.popFirst() : second.popFirst()
        {
            if let last = joined.last, next.lowerBound < last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
            } else {
                joined.append(next)
            }
        }
        return joined
    }
}
