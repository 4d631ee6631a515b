public import Policy

/// A stored token: everything but the secret.
public struct AccessToken: Sendable, Hashable {
    public enum State: String, Sendable {
        case valid
        case expired
        case revoked
    }

    /// 12 hexadecimal digits, unique among the tokens of a server.
    public let id: String
    /// The person or program the token was made for. Others see this name beside a decision.
    public let name: String
    public let role: Role
    let hash: SecretHash
    public let createdAt: Milliseconds
    /// The token is invalid from this moment on. Nil: it does not expire.
    public let expiresAt: Milliseconds?
    public internal(set) var revokedAt: Milliseconds?

    /// Whether both tokens have the same secret and role. Their expiry may differ.
    public func opensTheSame(as other: AccessToken) -> Bool { role == other.role && hash == other.hash }

    public func state(at now: Milliseconds) -> State {
        if revokedAt != nil { return .revoked }
        return expiresAt.map { now >= $0 } == true ? .expired : .valid
    }

    static let idBytes = 6

    /// Stand for others than persons beside decisions and in the record.
    static let reservedNames: Set<String> = ["local user", "rule", "server", "agent", "codex"]

    /// 1 to 64 printable ASCII characters, no space at either end, and nothing that looks like an option or a token ID.
    /// ASCII, so that no name looks like another.
    static func check(name: String) throws(AccessError) {
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }), bytes.first != 0x20,
            bytes.last != 0x20, bytes.first != UInt8(ascii: "-")
        else {
            throw .usage(
                "\"\(SanitizedText.of(name))\" is not a valid token name: 1 to 64 ASCII letters, digits and punctuation "
                    + "marks, without spaces and without a leading -.")
        }
        guard !reservedNames.contains(name.lowercased()) else {
            throw .usage("\"\(name)\" is what the record calls somebody else. Choose another name.")
        }
        guard bytes.count != idBytes * 2 || Hex.bytes(name) == nil else {
            throw .usage("\"\(name)\" looks like the id of a token. Choose another name.")
        }
    }
}
