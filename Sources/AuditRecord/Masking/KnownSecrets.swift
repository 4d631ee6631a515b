/// Exact secrets, found by their first byte.
struct KnownSecrets: Sendable {
    /// By first byte, the longest first; empty when there are none at all.
    private var byFirst: [[[UInt8]]] = []
    /// One bit for each first byte.
    private var firsts = SIMD4<UInt64>()

    init(_ secrets: [String]) {
        let secrets = Set(secrets.map { Array($0.utf8) }).filter { $0.count >= SecretMask.shortestKnownSecret }
        guard !secrets.isEmpty else { return }
        byFirst = Array(repeating: [], count: 256)
        for secret in secrets.sorted(by: { $0.count > $1.count }) {
            byFirst[Int(secret[0])].append(secret)
            firsts[Int(secret[0] >> 6)] |= 1 << UInt64(secret[0] & 63)
        }
    }

    func mayBegin(with byte: UInt8) -> Bool { firsts[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

    /// The length of the known secret that begins there. Ask ``mayBegin(with:)`` before.
    func length(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int? {
        for secret in byFirst[Int(bytes[position])] where secret.count <= bytes.count - position {
            var index = 1
            while index < secret.count, secret[index] == bytes[position + index] { index += 1 }
            if index == secret.count { return secret.count }
        }
        return nil
    }
}
