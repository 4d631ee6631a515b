/// Literal secrets, looked up by their first two bytes.
struct KnownSecrets: Sendable {
    /// By first byte, longest first; empty if there are no known secrets.
    private var byFirst: [[[UInt8]]] = []
    private(set) var starts = BytePairs()

    init(_ secrets: [String]) {
        let secrets = Set(secrets.map { Array($0.utf8) }).filter { $0.count >= SecretMask.shortestKnownSecret }
        guard !secrets.isEmpty else { return }
        byFirst = Array(repeating: [], count: 256)
        for secret in secrets.sorted(by: { $0.count > $1.count }) {
            byFirst[Int(secret[0])].append(secret)
            starts.insert(startOf: secret)
        }
    }

    /// The length of the known secret that starts at `position`. Check ``starts`` first.
    func length(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int? {
        for secret in byFirst[Int(bytes[position])] where secret.count <= bytes.count - position {
            var index = 1
            while index < secret.count, secret[index] == bytes[position + index] { index += 1 }
            if index == secret.count { return secret.count }
        }
        return nil
    }
}
