/// The address of a server's socket, parsed from a person's input: `ws://127.0.0.1:3000`, `https://agent.example.org`.
public struct ServerAddress: Sendable, Hashable {
    /// The person's input, or the default.
    public let text: String
    public let isEncrypted: Bool
    /// Without the brackets of an IPv6 address.
    public let host: String
    public let port: Int
    /// With its leading slash, without a query.
    public let path: String
    /// The URL's own query, such as `approvals=legacy`; may be empty.
    public let query: String

    public static let standard = "ws://127.0.0.1:3000"
    /// The socket's path if the URL names none.
    public static let socketPath = "/api/v1/sre/socket"

    /// A sentence that says what is wrong and what is expected.
    public struct Malformed: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    public init(_ text: String) throws(Malformed) {
        func wrong(_ what: String) -> Malformed {
            Malformed(description: "The URL \(what): write it as \(Self.standard) or wss://agent.example.org.")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw wrong("has characters that no URL has") }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw wrong("has no scheme")
        }
        switch text[..<colon].lowercased() {
        case "ws", "http": isEncrypted = false
        case "wss", "https": isEncrypted = true
        default: throw wrong("is not ws, wss, http or https")
        }
        var rest = text[colon...].dropFirst(3)
        guard !rest.contains("#") else { throw wrong("has a fragment") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest.dropFirst(authority.count)
        guard !authority.contains("@") else {
            throw Malformed(
                description: "The URL has a name or a password, which others would see in the list of processes: use "
                    + "SRE_AGENT_TOKEN or --token-file.")
        }
        guard let (host, port) = Self.split(authority) else { throw wrong("has no host, or no port from 1 to 65535") }
        self.text = text
        self.host = host
        self.port = port ?? (isEncrypted ? 443 : 80)
        let path = rest.prefix { $0 != "?" }
        self.path = path.isEmpty || path == "/" ? Self.socketPath : String(path)
        query = String(rest.dropFirst(path.count + 1))
        for name in query.split(separator: "&").map({ $0.prefix { $0 != "=" } }) {
            switch name {
            case "session", "after":
                throw Malformed(description: "The URL's \(name) is chosen by this program: leave it out.")
            case "token", "access_token":
                throw Malformed(
                    description: "The server takes no token from the URL, which others would see in the list of "
                        + "processes: use SRE_AGENT_TOKEN or --token-file.")
            default: break
            }
        }
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var rest: Substring = ""
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            rest = authority[end...].dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            rest = authority[colon...]
        }
        guard !host.isEmpty else { return nil }
        guard !rest.isEmpty else { return (String(host), nil) }
        guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
        return (String(host), Int(port))
    }

    /// The value of the `Host` header.
    public var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The request target with this added to the query.
    public func target(_ more: String) -> String { "\(path)?\(query)\(query.isEmpty ? "" : "&")\(more)" }

    /// Whether the traffic stays on this machine.
    public var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        // A name such as `127.example.org` is no address.
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
