public import Policy

/// The authenticated party on a socket. The edge determines it before the first message; nothing a client says changes
/// it.
public struct Principal: Sendable, Hashable {
    public enum Identity: Sendable, Hashable {
        /// A process of the server's own user on this machine.
        case local
        /// A client that presented an access token, or signed in with one. Two tokens may have had the same name.
        case token(id: String, name: String)
        /// A person whom a trusted proxy has signed in.
        case proxy(name: String)
    }

    public let identity: Identity
    public let role: Role

    public init(_ identity: Identity, role: Role) {
        self.identity = identity
        self.role = role
    }

    public static let local = Principal(.local, role: .admin)

    /// The name shown next to a decision.
    public var name: String {
        switch identity {
        case .local: "local user"
        case .token(_, let name), .proxy(let name): name
        }
    }

    /// Tells persons of the same name apart: `local`, `token/` and the token's id, or `proxy/` and the name. It is no
    /// secret.
    public var id: String {
        switch identity {
        case .local: "local"
        case .token(let id, _): "token/\(id)"
        case .proxy(let name): "proxy/\(name)"
        }
    }

    /// Viewers cannot answer, so secrets are masked for them: ``ViewerMask``.
    public var seesMasked: Bool { role == .viewer }

    public var isLocal: Bool { identity == .local }

    /// The token that the client authenticated with; nil if it used none.
    public var tokenID: String? {
        if case .token(let id, _) = identity { id } else { nil }
    }
}
