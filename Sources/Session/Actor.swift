/// Who is behind a socket. Decided by the edge before the first message; nothing a client says changes it.
public enum Actor: Sendable, Hashable {
    /// A process of the server's own user on this machine.
    case local
    /// Somebody who showed an access token.
    case tokenHolder(name: String)

    /// The name that others see beside a decision.
    public var name: String {
        switch self {
        case .local: "local user"
        case .tokenHolder(let name): name
        }
    }

    public var isLocal: Bool { self == .local }
}
