/// Finds the secrets of a text as it stands, and as shells read it.
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
        // Scripts in scripts are found in either.
        let scripts = depth < Self.deepestScript ? ShellReading(scriptsIn: bytes) : nil
        for reading in [ShellReading(bytes), scripts].compactMap(\.self) {
            let others = reading.bytes.withUnsafeBufferPointer { self.secrets(in: $0, depth: depth + 1) }
            if !others.isEmpty { secrets = Self.union(secrets, reading.original(others)) }
        }
        return secrets
    }

    /// So deep, scripts are read in whatever parts they are quoted: each depth doubles the readings.
    private static let deepestScript = 2

    /// Both are sorted; what overlaps becomes one.
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
