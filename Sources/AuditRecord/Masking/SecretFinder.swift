/// Finds the secrets of a text, both as written and as shells read it.
struct SecretFinder {
    let known: KnownSecrets

    /// Sorted, not overlapping, not empty.
    func secrets(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        secrets(in: bytes, depth: 0)
    }

    private func secrets(in bytes: UnsafeBufferPointer<UInt8>, depth: Int) -> [Range<Int>] {
        var scanner = SecretScanner(bytes, known: known)
        var secrets = scanner.scan()
        guard depth < ShellReading.deepest else { return secrets }
        // Nested scripts may appear in either reading.
        let scripts = depth < Self.deepestScript ? ShellReading(scriptsIn: bytes) : nil
        for reading in [ShellReading(bytes), scripts].compactMap(\.self) {
            let others = reading.bytes.withUnsafeBufferPointer { self.secrets(in: $0, depth: depth + 1) }
            if !others.isEmpty { secrets = Self.union(secrets, reading.original(others)) }
        }
        return secrets
    }

    /// Down to this depth, scripts are also read from their separately quoted parts: each level doubles the readings.
    private static let deepestScript = 2

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
