public import Policy

/// Who is behind a socket. Decided by the edge before the first message; nothing a client says changes it.
public struct Principal: Sendable, Hashable {
    public enum Identity: Sendable, Hashable {
        /// A process of the server's own user on this machine.
        case local
        /// Somebody who showed an access token, or signed in with one. Two tokens may have had the same name.
        case token(id: String, name: String)
        /// Somebody whom a trusted proxy has signed in.
        case proxy(name: String)
    }

    public let identity: Identity
    public let role: Role

    public init(_ identity: Identity, role: Role) {
        self.identity = identity
        self.role = role
    }

    public static let local = Principal(.local, role: .admin)

    /// The name that others see beside a decision.
    public var name: String {
        switch identity {
        case .local: "local user"
        case .token(_, let name), .proxy(let name): name
        }
    }

    /// Who cannot answer sees no secrets in what is asked: ``ViewerMask``.
    public var seesMasked: Bool { role == .viewer }

    public var isLocal: Bool { identity == .local }

    /// The token that it came in with; nil when there was none.
    public var tokenID: String? {
        if case .token(let id, _) = identity { id } else { nil }
    }
}
